"""An account and contacts to look at."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.seed import SEED, main, seed
from tests.fixtures import NewDatabase

CONTACTS = "/api/v1/contacts"


@pytest.fixture
def data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SEED.read_text("utf-8"))
    return loaded


async def total(client: httpx.AsyncClient, data: dict[str, Any]) -> int:
    """Return the number of contacts of the account in the seed data."""
    auth = data["user"]["email"], data["user"]["password"]
    number: int = (await client.get(CONTACTS, auth=auth)).json()["total"]
    return number


async def test_seeding_twice_is_seeding_once(
    app: FastAPI, client: httpx.AsyncClient, data: dict[str, Any]
) -> None:
    assert await seed(app.state.database, data) == len(data["contacts"])
    assert await seed(app.state.database, data) == 0
    assert await total(client, data) == len(data["contacts"])


async def test_the_command_seeds_the_configured_database(
    client: httpx.AsyncClient,
    data: dict[str, Any],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    await main()
    assert capsys.readouterr().out == f"Added {await total(client, data)} contacts.\n"


def test_a_database_without_tables_is_one_clear_line(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database())
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        asyncio.run(main())
