"""The least that FastAPI and SQLAlchemy need to do some SQL for a request.

What a generated application is measured against: no layers, no checks, no errors, the same SQL
on the same database. It runs in the generated repository's environment and knows no idea: its
argument is a JSON list of routes, `[{"method", "path", "sql": [statement, ...]}, ...]`.
DATABASE_URL, HOST and PORT come from the environment. docs/conformance.md says what the bare
handler of another stack must do.
"""

import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

import uvicorn
from fastapi import Depends, FastAPI
from sqlalchemy import DateTime, TextClause, Uuid, bindparam, event, make_url, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
TYPES = {"uuid": Uuid(), "now": DateTime(timezone=True)}

url = make_url(os.environ["DATABASE_URL"])
engine = create_async_engine(url.set(drivername=DRIVERS[url.drivername]))
sessions = async_sessionmaker(engine, expire_on_commit=False)

if url.drivername == "sqlite":

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        """Set what everybody sets who serves requests from SQLite."""
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")


def statement(sql: str) -> TextClause:
    """Return a statement; what only the handler knows has the types of columns."""
    clause = text(sql)
    known = [name for name in TYPES if name in clause._bindparams]  # noqa: SLF001
    return clause.bindparams(*(bindparam(name, type_=TYPES[name]) for name in known))


def values(body: Any) -> dict[str, Any]:
    """Return the values for parameters: new ones, and those of the body by their names."""
    made = {"uuid": uuid4(), "now": datetime.now(UTC), "token": secrets.token_hex(8)}
    stack = [body]
    while stack:
        item = stack.pop()
        stack += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        if isinstance(item, dict):
            made |= {
                key: value for key, value in item.items() if not isinstance(value, dict | list)
            }
    return made


async def get_session() -> AsyncIterator[AsyncSession]:
    """Give a request its own session."""
    async with sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]


def reading(statements: list[TextClause]) -> Callable[..., Awaitable[list[dict[str, Any]]]]:
    """Return a handler that answers the rows of the last statement."""

    async def read(session: Session) -> list[dict[str, Any]]:
        given = values(None)
        for each in statements:
            result = await session.execute(each, given)
        return [dict(row) for row in result.mappings()]

    return read


def writing(statements: list[TextClause]) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Return a handler that stores what it is sent and answers it."""

    async def write(session: Session, body: dict[str, Any]) -> dict[str, Any]:
        given = values(body)
        for each in statements:
            await session.execute(each, given)
        await session.commit()
        return body

    return write


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Close the connections at the end."""
    yield
    await engine.dispose()


def create_app(routes: list[dict[str, Any]]) -> FastAPI:
    """Return an application with the routes."""
    app = FastAPI(lifespan=lifespan)

    @app.get("/ready")
    async def ready() -> str:
        return "ready"

    for route in routes:
        statements = [statement(sql) for sql in route["sql"]]
        reads = route["method"] == "GET"
        app.add_api_route(
            route["path"],
            reading(statements) if reads else writing(statements),
            methods=[route["method"]],
            status_code=200 if reads else 201,
        )
    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(json.loads(sys.argv[1])),
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
    )
