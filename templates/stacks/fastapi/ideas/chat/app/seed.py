"""Fills the database with a chat worth looking at: `python -m app.seed`."""

import asyncio
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.database import Database
from app.folding import fold
from app.messages.models import Message
from app.passwords import hash_password
from app.rooms.models import Invitation, Membership, Room
from app.settings import load_settings
from app.users.models import User

SEED = Path(__file__).parent.parent / "seeds" / "chat.json"

Content = Mapping[str, Any]


async def seed(database: Database, content: Content) -> int:
    """Store the people, rooms and messages, and return how many messages were added.

    It does nothing where the first of the people exists already, so running it again adds nothing.
    """
    async with database.session() as session:
        first = content["users"][0]["username"]
        if await session.scalar(select(User.id).where(User.username == first)):
            return 0
        password_hash = await hash_password(content["password"])
        users = [
            User(
                username=user["username"],
                display_name=user["displayName"],
                password_hash=password_hash,
            )
            for user in content["users"]
        ]
        session.add_all(users)
        await session.flush()
        ids = {user.username: user.id for user in users}
        added = 0
        for room in content["rooms"]:
            added += await _add_room(session, room, ids)
        for conversation in content["conversations"]:
            added += await _add_conversation(session, conversation, ids)
        await session.commit()
    return added


async def _add_room(session: AsyncSession, content: Content, ids: Mapping[str, UUID]) -> int:
    owner, *others = content["members"]
    room = Room(
        name=content["name"],
        search_text=fold(content["name"]),
        topic=content["topic"],
        visibility=content["visibility"],
    )
    session.add(room)
    await session.flush()
    session.add(Membership(room_id=room.id, user_id=ids[owner], role="owner"))
    session.add_all(
        Membership(room_id=room.id, user_id=ids[name], role="member") for name in others
    )
    session.add_all(
        Invitation(room_id=room.id, user_id=ids[name], invited_by_id=ids[owner])
        for name in content.get("invited", [])
    )
    return _add_messages(session, room, content["messages"], ids)


async def _add_conversation(
    session: AsyncSession, content: Content, ids: Mapping[str, UUID]
) -> int:
    two = [ids[name] for name in content["between"]]
    room = Room(visibility="direct", pair=":".join(sorted(map(str, two))))
    session.add(room)
    await session.flush()
    session.add_all(Membership(room_id=room.id, user_id=user_id, role="member") for user_id in two)
    return _add_messages(session, room, content["messages"], ids)


def _add_messages(
    session: AsyncSession, room: Room, messages: Iterable[list[str]], ids: Mapping[str, UUID]
) -> int:
    started = now() - timedelta(hours=1)
    for seq, (author, text) in enumerate(messages, start=1):
        session.add(
            Message(
                room_id=room.id,
                seq=seq,
                author_id=ids[author],
                client_id=f"seed-{seq}",
                text=text,
                search_text=fold(text),
                created_at=started + timedelta(minutes=seq),
            )
        )
        room.last_seq = seq
        room.active_at = started + timedelta(minutes=seq)
    return room.last_seq


async def main() -> None:
    """Fill the database that the settings name."""
    settings = load_settings()
    if settings.is_production:
        sys.exit("The examples have a password that everybody knows: not in production.")
    database = Database(settings.sqlalchemy_url)
    try:
        added = await seed(database, json.loads(SEED.read_text("utf-8")))
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Added {added} messages.\n")


if __name__ == "__main__":
    asyncio.run(main())
