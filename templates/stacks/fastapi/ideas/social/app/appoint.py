"""Makes a moderator, or ends that: `python -m app.appoint ada`."""

import argparse
import asyncio
import sys

from app.database import Database
from app.settings import load_settings
from app.users.models import MODERATOR, USER
from app.users.service import set_role


async def main(arguments: list[str] | None = None) -> None:
    """Give the account that the command line names its role."""
    parser = argparse.ArgumentParser(prog="python -m app.appoint", description="Make a moderator.")
    parser.add_argument("handle")
    parser.add_argument("--dismiss", action="store_true", help="make a moderator a user again")
    options = parser.parse_args(arguments)
    role = USER if options.dismiss else MODERATOR
    database = Database(load_settings().sqlalchemy_url)
    try:
        async with database.session() as session:
            found = await set_role(session, options.handle, role)
    finally:
        await database.close()
    if not found:
        sys.exit(f"There is no account {options.handle!r}.")
    sys.stdout.write(f"{options.handle} is a {role} now.\n")


if __name__ == "__main__":
    asyncio.run(main())
