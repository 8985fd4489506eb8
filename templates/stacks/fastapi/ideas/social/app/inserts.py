"""Rows that are stored unless they are there already."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Base


async def store_once(session: AsyncSession, model: type[Base], **values: Any) -> bool:
    """Store a row in the caller's transaction, and tell whether it was not there before.

    The database decides, in one statement: looking first and storing then would let two requests
    at the same time both see nothing and both store.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(model)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(*inspect(model).primary_key)
    )
    return (await session.execute(statement)).first() is not None
