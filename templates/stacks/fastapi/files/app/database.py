"""The connection to the database: SQLite when nothing else is said, or PostgreSQL."""

import asyncio
import math
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import URL, DateTime, Dialect, Engine, MetaData, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, NoResultFound
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.ext.asyncio import create_async_engine as create_sqlalchemy_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from app.errors import DatabaseUnavailableError, NotFoundError

# How many requests of a process can use the database at the same time. All connections are kept:
# by default SQLAlchemy keeps five, and a busy process would open and close the others all the time.
POOL_SIZE = 15
# No request waits longer than this, all in seconds.
CONNECT_TIMEOUT = 5
POOL_TIMEOUT = 10
QUERY_TIMEOUT = 10
PING_TIMEOUT = 2
# A connection that was idle for longer is tried before it is used.
PING_AFTER = 1

# Classes of SQLSTATE: no connection, rolled back for another transaction's sake (a deadlock), no
# resources left, stopped by the operator or a timeout.
POSTGRES_UNAVAILABLE = ("08", "40", "53", "57")
POSTGRES_FOREIGN_KEY = "23503"
SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
}

# Constraints get the same names on every database, so that migrations can refer to them.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all models."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite has no time zones, so they are taken off and put on here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def is_unavailable(error: Exception) -> bool:
    """Tell whether an error means that the database cannot serve us now, and no mistake of ours."""
    if isinstance(error, DatabaseUnavailableError | TimeoutError | PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    sqlstate = getattr(error.orig, "sqlstate", None) or ""
    sqlite_code = getattr(error.orig, "sqlite_errorcode", 0)
    return (
        error.connection_invalidated
        or sqlstate.startswith(POSTGRES_UNAVAILABLE)
        # The lowest byte is the kind of error, the others are details.
        or sqlite_code & 0xFF in SQLITE_UNAVAILABLE
    )


def is_gone(error: Exception) -> bool:
    """Tell whether an error means that somebody has just deleted what a request is about.

    Then there is nothing that a new row could refer to, nothing to change or to read again.
    """
    if isinstance(error, IntegrityError):
        sqlstate = getattr(error.orig, "sqlstate", None)
        sqlite_code = getattr(error.orig, "sqlite_errorcode", 0)
        return (
            sqlstate == POSTGRES_FOREIGN_KEY or sqlite_code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
        )
    return isinstance(error, NoResultFound | StaleDataError)


def create_engine(url: URL) -> AsyncEngine:
    """Return an engine for the URL; it connects when it is first used."""
    if url.get_backend_name() == "sqlite":
        return _create_sqlite_engine(url)
    return _create_postgres_engine(url)


def _create_postgres_engine(url: URL) -> AsyncEngine:
    engine = create_sqlalchemy_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
        connect_args={"timeout": CONNECT_TIMEOUT, "command_timeout": QUERY_TIMEOUT},
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Dialect, _record: object, arguments: Any, options: Any) -> Any:
        try:
            return dialect.connect(*arguments, **options)
        except OSError as error:
            # SQLAlchemy lets it through as it is. Later nobody could tell it from other OSErrors.
            raise DatabaseUnavailableError from error

    _replace_dead_connections(engine.sync_engine)
    return engine


def _replace_dead_connections(engine: Engine) -> None:
    """Replace connections that died while they were idle before a request sees them.

    SQLAlchemy's `pool_pre_ping` asks the server before each request, which costs a busy
    application a third of its speed. Of a connection that was closed the driver knows, and of one
    that was cut silently a request could only know after a pause.
    """

    @event.listens_for(engine, "checkin")
    def remember(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def check(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        if time.monotonic() - record.info.get("idle_since", math.inf) > PING_AFTER:
            try:
                engine.dialect.do_ping(connection)
            except (engine.dialect.loaded_dbapi.Error, OSError) as error:
                raise InvalidatePoolError from error


def _create_sqlite_engine(url: URL) -> AsyncEngine:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_sqlalchemy_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
        # A transaction takes the lock for writing with its first write, and waits for it. SQLite's
        # default takes it in the middle, and fails when another writer came in between.
        connect_args={"timeout": QUERY_TIMEOUT, "isolation_level": "IMMEDIATE"},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        # Readers do not wait for the writer, and the writer does not wait for readers.
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return engine


def _reading(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine for queries, which need no BEGIN before and no ROLLBACK after them."""
    if engine.dialect.name == "sqlite":
        # It begins a transaction with the first write only.
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


class Database:
    """One engine, and the sessions made from it: `session()`, and `read_session()` for queries."""

    def __init__(self, url: URL) -> None:
        self.engine = create_engine(url)
        self.session = async_sessionmaker(self.engine, expire_on_commit=False)
        self.read_session = async_sessionmaker(_reading(self.engine), expire_on_commit=False)

    async def ping(self) -> None:
        """Ask the database for an answer.

        Raises:
            DatabaseUnavailableError: There was none within two seconds.
        """
        try:
            async with asyncio.timeout(PING_TIMEOUT), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except DatabaseUnavailableError:
            raise
        except Exception as error:
            raise DatabaseUnavailableError from error

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Give a request its own session. What it did not commit is rolled back.

    GET only reads (RFC 9110, section 9.2.1): each query of it stands alone. A handler of GET that
    has to write all the same makes a session of its own: `database.session()`.

    Raises:
        DatabaseUnavailableError: The database cannot be reached.
        NotFoundError: Somebody has just deleted what the request is about.
    """
    database: Database = request.app.state.database
    make_session = database.read_session if request.method == "GET" else database.session
    try:
        async with make_session() as session:
            yield session
    except Exception as error:
        if is_unavailable(error):
            raise DatabaseUnavailableError from error
        if is_gone(error):
            raise NotFoundError("It has just been deleted.") from error
        raise


# With scope "function" the connection goes back to the pool before the answer is sent, so a
# client that reads slowly does not hold it.
Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
