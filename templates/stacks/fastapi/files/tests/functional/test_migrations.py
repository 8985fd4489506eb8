"""The migrations, on the database that the tests use."""

import asyncio

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.database import create_engine
from app.settings import Settings
from tests.fixtures import NewDatabase, alembic_config


def test_the_migrations_make_what_the_models_describe(database_url: str) -> None:
    # Fails when --autogenerate would have something to write.
    command.check(alembic_config(database_url))


def test_there_is_one_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(alembic_config("sqlite:///unused.db"))
    assert len(scripts.get_heads()) == 1


async def tables(url: str) -> list[str]:
    engine = create_engine(Settings(database_url=url).sqlalchemy_url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    return names


def test_every_migration_can_be_undone(new_database: NewDatabase) -> None:
    url = new_database()
    config = alembic_config(url)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert asyncio.run(tables(url)) == ["alembic_version"]
    command.upgrade(config, "head")


def test_a_database_administrator_can_read_the_sql(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command.upgrade(alembic_config(database_url), "head", sql=True)
    assert "CREATE TABLE" in capsys.readouterr().out
