"""What tests share: a database, the application, clients and a server process.

tests/conftest.py loads this file, and may replace any fixture of it.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from logging import StreamHandler
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from sqlalchemy import delete, make_url

from app.configuration import CommonSettings
from app.logging import configure_logging
from app.models import Base
from app.settings import Settings
from tests.contract import Contract
from tests.logs import Log
from tests.probe import create_app
from tests.server import Server

ROOT = Path(__file__).parent.parent
# A server on which the tests may make and drop databases; without it they use SQLite.
TEST_DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")

# Otherwise the tests' own client would write into the application's log.
logging.getLogger("httpx").setLevel(logging.WARNING)

NewDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def own_settings() -> dict[str, Any]:
    """What tests configure beside the database: names of settings and their values."""
    return {}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own configuration away from the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for kind in (CommonSettings, Settings):
        monkeypatch.setitem(kind.model_config, "env_file", None)


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Return a function that makes an empty database and returns its URL."""
    folder = tmp_path_factory.mktemp("databases")
    with ExitStack() as made:

        def new() -> str:
            name = f"test_{uuid4().hex}"
            if not TEST_DATABASE_URL:
                return f"sqlite:///{(folder / name).as_posix()}.db"
            asyncio.run(_execute(f'CREATE DATABASE "{name}"'))
            made.callback(
                lambda: asyncio.run(_execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            )
            url = make_url(TEST_DATABASE_URL).set(database=name)
            return url.render_as_string(hide_password=False)

        yield new


async def _execute(statement: str) -> None:
    connection = await asyncpg.connect(TEST_DATABASE_URL)
    await connection.execute(statement)
    await connection.close()


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = Settings(database_url=url).sqlalchemy_url
    return config


@pytest.fixture(scope="session")
def database_url(new_database: NewDatabase) -> str:
    """The URL of a database with all tables, shared by all tests."""
    url = new_database()
    command.upgrade(alembic_config(url), "head")
    return url


@pytest.fixture
def settings(database_url: str, own_settings: dict[str, Any]) -> Settings:
    return Settings(database_url=database_url, log_format="json", **own_settings)


@pytest.fixture(scope="session")
def applications() -> list[FastAPI]:
    """Applications that tests have made: to make one takes longer than to run most tests."""
    return []


@pytest.fixture
async def app(settings: Settings, applications: list[FastAPI]) -> AsyncIterator[FastAPI]:
    """The running application with empty tables, and with the routes of tests/probe.py."""
    made = (app for app in applications if app.state.settings == settings)
    app = next(made, None)
    if app is None:
        app = create_app(settings)
        applications.append(app)
    configure_logging(settings)
    async with app.router.lifespan_context(app):
        async with app.state.database.session() as session:
            for table in reversed(Base.metadata.sorted_tables):
                await session.execute(delete(table))
            await session.commit()
        yield app


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.read(ROOT / "docs" / "openapi.yaml")


@pytest.fixture
async def client(app: FastAPI, contract: Contract) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application. Each answer that it gets is held to the contract."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://test",
        event_hooks={"response": [contract.check]},
    ) as client:
        yield client


@pytest.fixture
def log(app: FastAPI) -> Iterator[Log]:  # noqa: ARG001
    """What the application logs from now on."""
    # The handler is the one which the application has just made.
    (handler,) = (each for each in logging.getLogger().handlers if type(each) is StreamHandler)
    log = Log()
    original = handler.setStream(log)
    yield log
    handler.setStream(original)


@pytest.fixture
def server(database_url: str, own_settings: dict[str, Any], tmp_path: Path) -> Iterator[Server]:
    """The application as a process of its own; the test starts it."""
    environment = {name.upper(): str(value) for name, value in own_settings.items()}
    server = Server(environment | {"DATABASE_URL": database_url}, folder=tmp_path, code=ROOT)
    yield server
    server.kill()
