"""Fills the database with todos worth looking at: `python -m app.seed`."""

import asyncio
import json
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.exc import OperationalError, ProgrammingError

from app.clock import now
from app.database import Database
from app.folding import fold
from app.settings import load_settings
from app.todos.models import Todo
from app.todos.schemas import NewTodo

SEED = Path(__file__).parent.parent / "seeds" / "todos.json"


def read_seed(file: Path = SEED) -> list[NewTodo]:
    """Read todos from a JSON file."""
    return [NewTodo.model_validate(item) for item in json.loads(file.read_text("utf-8"))]


async def seed(database: Database, news: Iterable[NewTodo]) -> int:
    """Store the todos that are not there yet, and return their number.

    A todo's id is made from its title, so that running it again adds nothing.
    """
    todos = {uuid5(NAMESPACE_URL, new.title): new for new in news}
    started = now()
    added = 0
    async with database.session() as session:
        for place, (todo_id, new) in enumerate(todos.items()):
            if await session.get(Todo, todo_id):
                continue
            # One after the other, as if somebody had typed them.
            moment = started + timedelta(milliseconds=place)
            session.add(
                Todo(
                    id=todo_id,
                    **new.model_dump(),
                    search_text=fold(new.title),
                    created_at=moment,
                    updated_at=moment,
                )
            )
            added += 1
        await session.commit()
    return added


async def main() -> None:
    """Fill the database that the settings name."""
    database = Database(load_settings().sqlalchemy_url)
    try:
        added = await seed(database, read_seed())
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Added {added} todos.\n")


if __name__ == "__main__":
    asyncio.run(main())
