"""Fills the database with an account and contacts worth looking at: `python -m app.seed`."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.contacts.schemas import NewContact
from app.contacts.service import create_contact
from app.database import Database
from app.settings import load_settings
from app.users.models import User
from app.users.schemas import NewUser
from app.users.service import create_user

SEED = Path(__file__).parent.parent / "seeds" / "contacts.json"


async def seed(database: Database, data: dict[str, Any]) -> int:
    """Store the account and its contacts, and return how many contacts were added.

    An account that is there already keeps what it has, so that running it again adds nothing.
    """
    new_user = NewUser.model_validate(data["user"])
    contacts = [NewContact.model_validate(item) for item in data["contacts"]]
    async with database.session() as session:
        if await session.scalar(select(User).where(User.email == new_user.email)):
            return 0
        user = await create_user(session, new_user)
        for new in contacts:
            await create_contact(session, user.id, new)
    return len(contacts)


async def main() -> None:
    """Fill the database that the settings name."""
    database = Database(load_settings().sqlalchemy_url)
    try:
        added = await seed(database, json.loads(SEED.read_text("utf-8")))
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Added {added} contacts.\n")


if __name__ == "__main__":
    asyncio.run(main())
