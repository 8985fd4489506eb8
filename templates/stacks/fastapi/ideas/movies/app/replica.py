"""Reads that go to a copy of the database, and when they must not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI
from pydantic import AfterValidator
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.configuration import CommonSettings
from app.database import Database, is_unavailable
from app.errors import DatabaseUnavailableError
from app.users.models import User

# A replica is behind by milliseconds, and by seconds when it is busy. For so long after their own
# write a user is answered by the primary.
FRESH_FOR = timedelta(seconds=10)


def _checked_replica_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return text


class ReplicaSettings(CommonSettings):
    """Where the copy for reading is; None is nowhere."""

    database_replica_url: Annotated[str, AfterValidator(_checked_replica_url)] | None = None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Connect to the replica, if the settings name one."""
    settings: ReplicaSettings = app.state.settings
    replica: Database | None = None
    if settings.database_replica_url:
        copy = settings.model_copy(update={"database_url": settings.database_replica_url})
        # The URL is computed once for each object; a copy brings the original's along.
        vars(copy).pop("sqlalchemy_url", None)
        replica = Database(copy.sqlalchemy_url)
    app.state.replica = replica
    yield
    if replica:
        await replica.close()


def reads_from_replica(user: User | None, moment: datetime) -> bool:
    """Tell whether a reader may be answered by the replica: not right after their own write."""
    return user is None or user.wrote_at is None or moment - user.wrote_at > FRESH_FOR


async def remember_write(app: FastAPI, session: AsyncSession, user_id: UUID) -> None:
    """Note, in the transaction of a user's write, that they write now.

    The note is in the primary, where every process finds it. Without a replica nobody asks for
    it, so nothing is written.
    """
    if app.state.replica:
        await session.execute(update(User).where(User.id == user_id).values(wrote_at=now()))


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[AsyncSession]:
    """Give a session for queries on a database.

    Raises:
        DatabaseUnavailableError: The database cannot be reached.
    """
    try:
        async with database.read_session() as session:
            yield session
    except Exception as error:
        if is_unavailable(error):
            raise DatabaseUnavailableError from error
        raise
