"""Fills the database with links worth looking at: `python -m app.seed`."""

import asyncio
import json
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.exc import OperationalError, ProgrammingError

from app.clock import now
from app.database import Database
from app.settings import load_settings
from app.short_links.models import Link
from app.short_links.schemas import NewLink
from app.statistics.models import AccessCount
from app.tokens.models import Token
from app.tokens.service import hash_token, new_token

SEED = Path(__file__).parent.parent / "seeds" / "links.json"
TOKEN_ID = uuid5(NAMESPACE_URL, "the token of the examples")
# The README has it, so everybody knows it: production gets another one.
KNOWN_TOKEN = "short_the-token-of-the-examples"  # noqa: S105

Json = dict[str, Any]


def read_seed(file: Path = SEED) -> list[Json]:
    """Read links from a JSON file."""
    links: list[Json] = json.loads(file.read_text("utf-8"))
    return links


async def seed(database: Database, links: Iterable[Json], token: str) -> int:
    """Store the links that are not there yet, and return their number.

    Their owner is a token, which is made the first time. A link's id is made from its alias, so
    that running it again adds nothing.
    """
    started = now()
    added = 0
    async with database.session() as session:
        if not await session.get(Token, TOKEN_ID):
            session.add(
                Token(id=TOKEN_ID, name="Examples", hash=hash_token(token), created_at=started)
            )
            await session.flush()
        for place, item in enumerate(links):
            # One after the other, as if somebody had made them.
            link = _link(item, started + timedelta(milliseconds=place))
            if await session.get(Link, link.id):
                continue
            session.add(link)
            await session.flush()
            session.add_all(_counts(item, link, started))
            added += 1
        await session.commit()
    return added


def _link(item: Json, moment: datetime) -> Link:
    fields = ("url", "alias", "expiresAt")
    new = NewLink.model_validate({name: item[name] for name in fields if name in item})
    alias = str(new.alias)
    days = [access["daysAgo"] for access in item["accesses"]]
    return Link(
        id=uuid5(NAMESPACE_URL, alias),
        token_id=TOKEN_ID,
        short_code=alias,
        alias_key=alias.lower(),
        url=new.url,
        expires_at=new.expires_at,
        created_at=moment,
        updated_at=moment,
        access_count=sum(access["count"] for access in item["accesses"]),
        first_access_at=moment - timedelta(max(days)) if days else None,
        last_access_at=moment - timedelta(min(days)) if days else None,
    )


def _counts(item: Json, link: Link, started: datetime) -> list[AccessCount]:
    return [
        AccessCount(
            link_id=link.id,
            day=(started - timedelta(access["daysAgo"])).date(),
            referrer=access["referrer"],
            browser=access["browser"],
            count=access["count"],
        )
        for access in item["accesses"]
    ]


async def main() -> None:
    """Fill the database that the settings name."""
    settings = load_settings()
    token = new_token() if settings.is_production else KNOWN_TOKEN
    database = Database(settings.sqlalchemy_url)
    try:
        added = await seed(database, read_seed(), token)
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Added {added} links")
    sys.stdout.write(f" for the token {token}\n" if added else ".\n")


if __name__ == "__main__":
    asyncio.run(main())
