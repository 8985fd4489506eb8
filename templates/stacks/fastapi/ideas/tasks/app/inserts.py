"""Rows that may be there already: the database decides, in one statement."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Base


def insert_into(session: AsyncSession, model: type[Base]) -> postgresql.Insert:
    """Return an INSERT that can say what to do ON CONFLICT.

    Both databases have the clause and write it alike; only SQLAlchemy has two classes for it.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(model) if is_sqlite else postgresql.insert(model)  # type: ignore[return-value]


def insert_unless_there(session: AsyncSession, model: type[Base]) -> postgresql.Insert:
    """Return an INSERT that does nothing where a unique constraint would be broken."""
    return insert_into(session, model).on_conflict_do_nothing()
