"""Fills the database with a small network worth looking at: `python -m app.seed`."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.database import Database
from app.folding import fold
from app.notifications.events import tell
from app.notifications.models import Event
from app.passwords import hash_password
from app.posts.models import Entry, EntryKind, Like, Post, PostHashtag
from app.relations.models import Kind, Relation
from app.settings import load_settings
from app.texts import hashtags, mentions
from app.users.models import User
from app.users.service import new_user

SEEDS = Path(__file__).parent.parent / "seeds" / "network.json"


def id_of(kind: str, key: str) -> UUID:
    """Return an id made of a name, so that seeding again adds nothing."""
    return uuid5(NAMESPACE_URL, f"{kind}/{key}")


async def seed(session: AsyncSession, network: Mapping[str, Any]) -> int:
    """Store the accounts with their posts, unless they are there, and return their number."""
    first = network["accounts"][0]["handle"]
    if await session.get(User, id_of("user", first)):
        return 0
    hashed = await hash_password(network["password"])
    for account in network["accounts"]:
        user = new_user(
            handle=account["handle"],
            email=f"{account['handle']}@example.com",
            display_name=account["displayName"],
            password_hash=hashed,
        )
        user.id = id_of("user", account["handle"])
        user.bio, user.private = account["bio"], account.get("private", False)
        user.role = account.get("role", user.role)
        session.add(user)
    await session.flush()
    for account in network["accounts"]:
        for followed in account["follows"]:
            _relate(session, account["handle"], Kind.FOLLOW, Event.FOLLOW, followed)
        for asked in account.get("asks", []):
            _relate(session, account["handle"], Kind.REQUEST, Event.FOLLOW_REQUEST, asked)
    for post in network["posts"]:
        await _post(session, post)
    await session.commit()
    return len(network["accounts"])


def _relate(session: AsyncSession, source: str, kind: Kind, event: Event, target: str) -> None:
    source_id, target_id = id_of("user", source), id_of("user", target)
    session.add(Relation(source_id=source_id, kind=kind, target_id=target_id, created_at=now()))
    tell(session, target_id, event, source_id)


async def _post(session: AsyncSession, post: Mapping[str, Any]) -> None:
    post_id, author_id = id_of("post", post["key"]), id_of("user", post["author"])
    at = now() - timedelta(minutes=post["minutesAgo"])
    parent = (
        await session.get_one(Post, id_of("post", post["replyTo"])) if "replyTo" in post else None
    )
    session.add(
        Post(
            id=post_id,
            author_id=author_id,
            text=post["text"],
            search_text=fold(post["text"]),
            hashtags=hashtags(post["text"]),
            mentions=mentions(post["text"]),
            media=[],
            reply_to_id=parent.id if parent else None,
            is_reply=parent is not None,
            created_at=at,
        )
    )
    await session.flush()
    kind = EntryKind.REPLY if parent else EntryKind.POST
    session.add(
        Entry(
            id=id_of("entry", post["key"]),
            actor_id=author_id,
            post_id=post_id,
            kind=kind,
            created_at=at,
        )
    )
    for tag in hashtags(post["text"]):
        session.add(PostHashtag(tag=tag, post_id=post_id, created_at=at))
    if parent:
        tell(session, parent.author_id, Event.REPLY, author_id, post_id)
    for handle in post.get("likedBy", []):
        session.add(Like(post_id=post_id, user_id=id_of("user", handle), created_at=at))
        tell(session, author_id, Event.LIKE, id_of("user", handle), post_id)
    for handle in post.get("repostedBy", []):
        session.add(
            Entry(
                id=id_of("entry", f"{post['key']}/{handle}"),
                actor_id=id_of("user", handle),
                post_id=post_id,
                kind=EntryKind.REPOST,
                created_at=at,
            )
        )
        tell(session, author_id, Event.REPOST, id_of("user", handle), post_id)


async def main() -> None:
    """Fill the database that the settings name."""
    settings = load_settings()
    if settings.is_production:
        # Everybody knows the password of these accounts.
        sys.exit("Production gets no demo accounts.")
    database = Database(settings.sqlalchemy_url)
    network = json.loads(SEEDS.read_text("utf-8"))
    try:
        async with database.session() as session:
            added = await seed(session, network)
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Added {added} accounts.\n")


if __name__ == "__main__":
    asyncio.run(main())
