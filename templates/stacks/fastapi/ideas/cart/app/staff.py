"""Makes somebody a member of staff: `python -m app.staff ada@example.com`."""

import argparse
import asyncio
import sys

from app.database import Database
from app.settings import load_settings
from app.users.models import Role
from app.users.service import set_role


async def main(arguments: list[str] | None = None) -> None:
    """Change the role of the account that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m app.staff", description=__doc__)
    parser.add_argument("email", help="address of an account")
    parser.add_argument("--remove", action="store_true", help="make it a customer again")
    given = parser.parse_args(arguments)
    role: Role = "customer" if given.remove else "staff"
    database = Database(load_settings().sqlalchemy_url)
    try:
        async with database.session() as session:
            changed = await set_role(session, given.email, role)
    finally:
        await database.close()
    if not changed:
        sys.exit(f"There is no account with the address {given.email}.")
    sys.stdout.write(f"{given.email} is {role} now.\n")


if __name__ == "__main__":
    asyncio.run(main())
