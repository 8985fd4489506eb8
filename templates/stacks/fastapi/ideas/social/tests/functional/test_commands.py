"""The commands: examples, and moderators."""

import json
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app import appoint, seed
from app.posts.models import Post
from tests.people import Person

NETWORK = json.loads(seed.SEEDS.read_text("utf-8"))


class TestSeed:
    async def test_the_examples_are_stored_once(
        self, app: FastAPI, ada: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await ada.expect(204, "DELETE", "/users/me", json={"password": "the analytical engine"})
        for expected in (len(NETWORK["accounts"]), 0):
            async with app.state.database.session() as session:
                assert await seed.seed(session, NETWORK) == expected
        async with app.state.database.session() as session:
            stored = await session.scalar(select(func.count()).select_from(Post))
        assert stored == len(NETWORK["posts"])

    async def test_somebody_of_them_can_log_in_and_sees_something(
        self, app: FastAPI, grace: Person
    ) -> None:
        await grace.expect(204, "DELETE", "/users/me", json={"password": "the analytical engine"})
        async with app.state.database.session() as session:
            await seed.seed(session, NETWORK)
        account = {"email": "ada@example.com", "password": NETWORK["password"]}
        session_body = await grace.expect(201, "POST", "/sessions", json=account)
        grace.headers["Authorization"] = f"Bearer {session_body['accessToken']}"
        home = await grace.items("/timelines/home")
        assert {item["author"]["handle"] for item in home} >= {"alan", "grace", "katherine"}
        assert await grace.items("/notifications")
        assert await grace.items("/moderation/reports") == []

    async def test_production_gets_no_accounts_with_a_known_password(
        self, monkeypatch: pytest.MonkeyPatch, database_url: str
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", database_url)
        monkeypatch.setenv("ENVIRONMENT", "production")
        monkeypatch.setenv("SECRET_KEY", "x" * 32)
        with pytest.raises(SystemExit, match="no demo accounts"):
            await seed.main()

    async def test_a_database_without_tables_is_told_in_words(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
        with pytest.raises(SystemExit, match="alembic upgrade head"):
            await seed.main()

    async def test_the_command_says_what_it_did(
        self,
        app: FastAPI,
        monkeypatch: pytest.MonkeyPatch,
        database_url: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", database_url)
        await seed.main()
        assert capsys.readouterr().out == "Added 5 accounts.\n"


class TestAppoint:
    async def test_it_makes_a_moderator_and_ends_that(
        self,
        ada: Person,
        monkeypatch: pytest.MonkeyPatch,
        database_url: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", database_url)
        await appoint.main(["Ada"])
        await ada.expect(200, "GET", "/moderation/reports")
        await appoint.main(["ada", "--dismiss"])
        await ada.expect(403, "GET", "/moderation/reports")
        assert capsys.readouterr().out.splitlines() == [
            "Ada is a moderator now.",
            "ada is a user now.",
        ]
        with pytest.raises(SystemExit, match="nobody"):
            await appoint.main(["nobody"])
