import json

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.messages.models import Message
from app.rooms.models import Room
from app.seed import SEED, main, seed

CONTENT = json.loads(SEED.read_text("utf-8"))


async def test_the_examples_are_stored_once(app: FastAPI) -> None:
    database = app.state.database
    added = await seed(database, CONTENT)
    assert added >= 10
    assert await seed(database, CONTENT) == 0
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Message)) == added
        for room in await session.scalars(select(Room)):
            newest = select(func.max(Message.seq)).where(Message.room_id == room.id)
            assert await session.scalar(newest) == room.last_seq


async def test_production_gets_no_users_with_a_known_password(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    with pytest.raises(SystemExit, match="not in production"):
        await main()


async def test_a_database_without_tables_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        await main()
