"""The least that FastAPI and SQLAlchemy need to do some SQL for a request.

What a generated application is measured against: a mapped class, a model of the request and one of
the answer, as the tutorials of both write it, and the same SQL on the same database. No layers, no
checks of who asks, no errors. It runs in the generated repository's environment and knows no idea:
its argument is a JSON list of routes, `[{"method", "path", "body", "sql": [statement, ...]}, ...]`;
the classes come from the database's tables. DATABASE_URL, HOST and PORT come from the environment.
docs/conformance.md says what the bare handler of another stack must do.
"""

import asyncio
import json
import os
import re
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

import uvicorn
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, create_model
from sqlalchemy import (
    Column,
    DateTime,
    Executable,
    TextClause,
    Uuid,
    bindparam,
    event,
    make_url,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

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


class Base(DeclarativeBase):
    """What the classes of the tables have in common."""


class Body(BaseModel):
    """What the models of answers have in common."""

    model_config = ConfigDict(from_attributes=True)


async def map_tables() -> dict[str, type[Base]]:
    """Return a mapped class for each table of the database."""
    async with engine.connect() as connection:
        await connection.run_sync(Base.metadata.reflect)
    await engine.dispose()
    return {
        name: type(name, (Base,), {"__table__": table})
        for name, table in Base.metadata.tables.items()
        if table.primary_key
    }


def python_type(column: Column[Any]) -> Any:
    """Return the type of a column's values; None is one of them."""
    try:
        found = column.type.python_type
    except NotImplementedError:
        return Any
    return Any if found in {dict, list} else found | None


def answering(sql: str, classes: dict[str, type[Base]]) -> tuple[Executable, Any]:
    """Return a statement whose rows are answered, and the model of a row."""
    if sql.startswith("INSERT") and "RETURNING" not in sql:
        sql += " RETURNING *"
    found = re.fullmatch(
        r"(?:INSERT INTO (\w+).*RETURNING|SELECT) \*(?: FROM (\w+).*)?", sql, re.DOTALL
    )
    if not found:
        # Some columns, or those of several tables: rows instead of objects.
        return statement(sql), None
    mapped = classes[found[1] or found[2]]
    columns = {column.name: (python_type(column), None) for column in mapped.__table__.columns}
    return select(mapped).from_statement(statement(sql)), create_model(
        f"{mapped.__name__}Body", __base__=Body, **columns
    )


def model_of(name: str, example: dict[str, Any]) -> type[BaseModel]:
    """Return the model of bodies like the example."""
    fields: dict[str, Any] = {
        key: (model_of(key, value) if isinstance(value, dict) else type(value), ...)
        for key, value in example.items()
    }
    return create_model(name, **fields)


def reading(statements: list[Executable], *, mapped: bool) -> Callable[..., Awaitable[Any]]:
    """Return a handler that answers what the last statement finds."""

    async def read(session: Session) -> Any:
        return await run(session, statements, values(None), mapped=mapped)

    return read


def writing(
    statements: list[Executable], body_model: type[BaseModel], *, mapped: bool
) -> Callable[..., Awaitable[Any]]:
    """Return a handler that stores what it is sent and answers what is stored."""

    async def write(session: Session, body: body_model) -> Any:  # type: ignore[valid-type]
        given = values(body.model_dump())  # type: ignore[attr-defined]
        found = await run(session, statements, given, mapped=mapped)
        await session.commit()
        return found[0]

    return write


async def run(
    session: AsyncSession, statements: list[Executable], given: dict[str, Any], *, mapped: bool
) -> Any:
    """Execute statements, and return what the last one finds."""
    for each in statements:
        result = await session.execute(each, given)
    return result.scalars().all() if mapped else [dict(row) for row in result.mappings()]


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Close the connections at the end."""
    yield
    await engine.dispose()


def create_app(routes: list[dict[str, Any]], classes: dict[str, type[Base]]) -> FastAPI:
    """Return an application with the routes."""
    app = FastAPI(lifespan=lifespan)

    @app.get("/ready")
    async def ready() -> str:
        return "ready"

    for route in routes:
        *before, last = route["sql"]
        answer, model = answering(last, classes)
        statements: list[Executable] = [*map(statement, before), answer]
        mapped = model is not None
        if route["method"] == "GET":
            app.get(route["path"], response_model=model and list[model])(
                reading(statements, mapped=mapped)
            )
        else:
            body = model_of("New", route["body"])
            app.post(route["path"], status_code=201, response_model=model)(
                writing(statements, body, mapped=mapped)
            )
    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(json.loads(sys.argv[1]), asyncio.run(map_tables())),
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
    )
