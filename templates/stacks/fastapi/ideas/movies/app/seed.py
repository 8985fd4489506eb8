"""Fills the database with films worth looking at: `python -m app.seed`."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.exc import OperationalError, ProgrammingError

from app.clock import now
from app.database import Database
from app.imports.command import Report, import_rows, read_rows, tidy
from app.imports.kinds import KINDS, id_of
from app.passwords import hash_password
from app.reviews.schemas import NewReview
from app.reviews.service import create_review
from app.settings import load_settings
from app.users.models import User

SEEDS = Path(__file__).parent.parent / "seeds"


async def seed_catalogue(database: Database, folder: Path = SEEDS) -> int:
    """Import the films with their people and credits, and return the number of films."""
    films = 0
    for name in ("movies", "people", "credits"):
        report = Report(sys.stderr)
        with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
            await import_rows(database, KINDS[name], read_rows(file, is_csv=False), report)
        films = films or report.stored
    await tidy(database)
    return films


async def seed_accounts(database: Database, accounts: Sequence[Mapping[str, Any]]) -> int:
    """Store the accounts that are not there yet with their reviews, and return their number.

    An account's id is made from its name, so that running it again adds nothing.
    """
    added = 0
    for account in accounts:
        user_id = uuid5(NAMESPACE_URL, account["username"])
        async with database.session() as session:
            if await session.get(User, user_id):
                continue
            user = User(
                id=user_id,
                username=account["username"],
                password_hash=await hash_password(account["password"]),
                token_version=0,
                scope=" ".join(account["scopes"]),
                created_at=now(),
            )
            session.add(user)
            await session.commit()
            for review in account["reviews"]:
                new = NewReview(rating=review["rating"], text=review["text"])
                await create_review(session, user, id_of("movie", review["movie"]), new)
            added += 1
    return added


async def main() -> None:
    """Fill the database that the settings name."""
    settings = load_settings()
    database = Database(settings.sqlalchemy_url)
    accounts = json.loads((SEEDS / "accounts.json").read_text("utf-8"))
    try:
        films = await seed_catalogue(database)
        # Everybody knows their passwords.
        added = 0 if settings.is_production else await seed_accounts(database, accounts)
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Stored {films} films and added {added} accounts.\n")


if __name__ == "__main__":
    asyncio.run(main())
