"""The example organisation."""

import httpx
import pytest
from fastapi import FastAPI

from app import seed as command
from app.seed import read_seed, seed
from app.settings import Settings
from tests.people import API, NewClient, log_in


async def test_the_example_can_be_looked_at(app: FastAPI, new_client: NewClient) -> None:
    assert await seed(app.state.database, read_seed()) == 8
    # A second time there is nothing to add.
    assert await seed(app.state.database, read_seed()) == 0
    client: httpx.AsyncClient = await new_client()
    await log_in(client, "demo@example.com", "weave-some-numbers")
    overdue = (await client.get(f"{API}/tasks?overdue=true")).json()["items"]
    assert [task["title"] for task in overdue] == ["Order brass"]
    assert overdue[0]["commentCount"] == 2


async def test_production_gets_no_accounts_with_a_known_password(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(database_url=database_url).model_copy(update={"environment": "production"})
    monkeypatch.setattr(command, "load_settings", lambda: settings)
    await command.main()
    assert "Added nothing" in capsys.readouterr().out


async def test_the_command_says_what_it_has_added(
    app: FastAPI,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert app.state.database
    monkeypatch.setattr(command, "load_settings", lambda: settings)
    await command.main()
    assert "Added 8 tasks." in capsys.readouterr().out


async def test_without_tables_the_command_says_what_to_do(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path_factory.mktemp("empty") / "empty.db"
    settings = Settings(database_url=f"sqlite:///{file.as_posix()}")
    monkeypatch.setattr(command, "load_settings", lambda: settings)
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        await command.main()
