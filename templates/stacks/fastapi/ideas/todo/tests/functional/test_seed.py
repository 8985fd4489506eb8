"""Todos to look at."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from app.seed import main, read_seed, seed
from tests.fixtures import NewDatabase


async def test_seeding_twice_is_seeding_once(app: FastAPI, client: httpx.AsyncClient) -> None:
    news = read_seed()
    assert await seed(app.state.database, news) == len(news)
    assert await seed(app.state.database, news) == 0
    todos = (await client.get("/api/v1/todos")).json()
    assert {todo["title"] for todo in todos} == {new.title for new in news}


async def test_seeding_keeps_what_people_changed(app: FastAPI, client: httpx.AsyncClient) -> None:
    await seed(app.state.database, read_seed())
    first = (await client.get("/api/v1/todos")).json()[0]
    changed = (await client.patch(first["url"], json={"title": "My own"})).json()
    await seed(app.state.database, read_seed())
    assert (await client.get(first["url"])).json() == changed


async def test_the_command_seeds_the_configured_database(
    client: httpx.AsyncClient,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    await main()
    todos = (await client.get("/api/v1/todos")).json()
    assert capsys.readouterr().out == f"Added {len(todos)} todos.\n"


def test_a_database_without_tables_is_one_clear_line(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database())
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        asyncio.run(main())
