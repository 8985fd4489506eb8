"""Rows that are stored unless they are there already."""

from functools import cache

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Base


def insert_new(
    session: AsyncSession, model: type[Base], returning: str | None = None
) -> Executable:
    """Return an INSERT that does nothing where a unique constraint would be broken.

    The database decides, in one statement: looking first and storing then would let two requests
    at the same time both see nothing and both store.

    Args:
        session: The database.
        model: What to store.
        returning: A column of the new row; nothing is returned where there is none.
    """
    return _insert(session.get_bind().dialect.name, model.__tablename__, returning)


@cache
def _insert(dialect: str, table_name: str, returning: str | None) -> Executable:
    table = Base.metadata.tables[table_name]
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table).on_conflict_do_nothing()
    return statement.returning(table.c[returning]) if returning else statement
