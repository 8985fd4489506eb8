"""What modules start and stop together with the application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import APIRouter, FastAPI

from app.api import Api, Lifespan
from app.database import Database
from app.main import create_app
from app.settings import Settings


def lifespan_of(name: str, events: list[str]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await app.state.database.ping()
        events.append(f"{name} starts")
        yield
        await app.state.database.ping()
        events.append(f"{name} stops")

    return lifespan


async def test_they_run_while_the_database_is_there_in_their_order(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    inner = APIRouter(prefix="/inner", lifespan=lifespan_of("inner router", events))
    outer = APIRouter(prefix="/outer", lifespan=lifespan_of("outer router", events))
    outer.include_router(inner)
    started = [lifespan_of("first", events), lifespan_of("second", events)]
    close = Database.close

    async def close_database(database: Database) -> None:
        events.append("database stops")
        await close(database)

    monkeypatch.setattr(Database, "close", close_database)
    app = create_app(settings, Api("Lifespans", {"": [outer]}, lifespans=started))
    async with app.router.lifespan_context(app):
        assert events == [
            "first starts",
            "second starts",
            "outer router starts",
            "inner router starts",
        ]
        events.clear()
    assert events == [
        "inner router stops",
        "outer router stops",
        "second stops",
        "first stops",
        "database stops",
    ]
