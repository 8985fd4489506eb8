"""Grants scopes to an account, and takes them away: `python -m app.grant ada movies:write`."""

import argparse
import asyncio
import sys
from typing import get_args

from app.database import Database
from app.errors import NotFoundError
from app.settings import load_settings
from app.users.schemas import Scope
from app.users.service import set_scopes


async def main(arguments: list[str] | None = None) -> None:
    """Give an account exactly the scopes that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m app.grant",
        description="Give an account exactly these scopes; without any, it loses all.",
    )
    parser.add_argument("username")
    parser.add_argument("scopes", nargs="*", metavar="scope", help=", ".join(get_args(Scope)))
    options = parser.parse_args(arguments)
    scopes = frozenset(options.scopes)
    unknown = sorted(scopes - {*get_args(Scope)})
    if unknown:
        parser.error(f"there is no scope {unknown[0]!r}")
    database = Database(load_settings().sqlalchemy_url)
    try:
        async with database.session() as session:
            await set_scopes(session, options.username, scopes)
    except NotFoundError as error:
        sys.exit(error.detail)
    finally:
        await database.close()
    told = ", ".join(sorted(scopes)) or "nothing"
    sys.stdout.write(f"{options.username} may now do: {told}.\n")


if __name__ == "__main__":
    asyncio.run(main())
