"""Films to look at, and the commands of administrators."""

import asyncio
import json

import httpx
import pytest
from fastapi import FastAPI

from app import grant
from app.seed import SEEDS, main, seed_accounts, seed_catalogue
from tests.errors import assert_error
from tests.fixtures import NewDatabase
from tests.people import API, SignIn

ACCOUNTS = json.loads((SEEDS / "accounts.json").read_text("utf-8"))
EDITOR = {"username": "editor", "password": "lights-camera-action"}


async def test_seeding_twice_is_seeding_once(app: FastAPI, client: httpx.AsyncClient) -> None:
    database = app.state.database
    assert await seed_catalogue(database) >= 50
    assert await seed_accounts(database, ACCOUNTS) == len(ACCOUNTS)
    first = (await client.get(f"{API}/movies")).json()
    assert first["items"][0]["reviewCount"] == 3
    await seed_catalogue(database)
    assert await seed_accounts(database, ACCOUNTS) == 0
    assert (await client.get(f"{API}/movies")).json() == first
    assert (await client.get(f"{API}/people")).json()["total"] > 200


@pytest.fixture
def _database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


@pytest.mark.usefixtures("_database")
async def test_the_command_seeds_the_configured_database(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await main()
    assert capsys.readouterr().out == "Stored 83 films and added 3 accounts.\n"
    response = await client.post(f"{API}/tokens", json=EDITOR)
    assert response.json()["scopes"] == ["movies:write"]


@pytest.mark.usefixtures("_database")
async def test_production_gets_no_accounts_with_a_known_password(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    await main()
    assert capsys.readouterr().out == "Stored 83 films and added 0 accounts.\n"
    assert_error(await client.post(f"{API}/tokens", json=EDITOR), 401)


def test_a_database_without_tables_is_one_clear_line(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database())
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        asyncio.run(main())


@pytest.mark.usefixtures("_database")
class TestGrant:
    async def test_scopes_are_given_and_taken(
        self, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ada = await sign_in(username="ada")
        for scopes in [["movies:write"], []]:
            await grant.main(["ada", *scopes])
            assert (await ada.get(f"{API}/users/me")).json()["scopes"] == scopes
        assert capsys.readouterr().out.splitlines()[-1] == "ada may now do: nothing."

    async def test_nobody_is_given_anything(self, app: FastAPI) -> None:
        with pytest.raises(SystemExit, match="There is no account 'nobody'"):
            await grant.main(["nobody", "movies:write"])

    async def test_only_scopes_that_there_are(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            await grant.main(["ada", "movies:read"])
        assert "there is no scope 'movies:read'" in capsys.readouterr().err
