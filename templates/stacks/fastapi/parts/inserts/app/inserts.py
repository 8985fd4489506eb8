"""Rows that may be there already: the database decides, in one statement.

Looking first and storing then would let two requests at the same time both see nothing and both
store.
"""

from functools import cache

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Base


def insert_into(dialect: str, model: type[Base]) -> postgresql.Insert:
    """Return an INSERT that can say what to do ON CONFLICT.

    Both databases have the clause and write it alike; only SQLAlchemy has two classes for it.
    """
    table = Base.metadata.tables[model.__tablename__]
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)  # type: ignore[return-value]


def insert_new(
    session: AsyncSession, model: type[Base], returning: str | None = None
) -> Executable:
    """Return an INSERT that does nothing where a unique constraint would be broken.

    Args:
        session: The database.
        model: What to store.
        returning: A column of the new row; nothing is returned where there is none.
    """
    return _insert_new(session.get_bind().dialect.name, model, returning)


@cache
def _insert_new(dialect: str, model: type[Base], returning: str | None) -> Executable:
    statement = insert_into(dialect, model).on_conflict_do_nothing()
    return statement.returning(statement.table.c[returning]) if returning else statement
