"""Runs migrations: `alembic upgrade head`, or with --sql only prints what it would do."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import URL
from sqlalchemy.types import TypeDecorator

from app import models
from app.database import create_engine
from app.settings import load_settings


def database_url() -> URL:
    """Return the URL that a caller has set (the tests do), or the application's."""
    url: URL | None = context.config.attributes.get("url")
    return url or load_settings().sqlalchemy_url


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's: old migrations must not depend on new code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def migrate(**target: Any) -> None:
    """Run the migrations on a connection, or print them when there is only a URL."""
    context.configure(
        **target,
        target_metadata=models.Base.metadata,
        render_item=render_item,
        # SQLite can change little of a table: Alembic makes a new one and copies the rows.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_database() -> None:
    """Connect and run the migrations."""
    engine = create_engine(database_url())
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: migrate(connection=sync))
    await engine.dispose()


if context.is_offline_mode():
    migrate(url=database_url(), literal_binds=True)
else:
    asyncio.run(migrate_database())
