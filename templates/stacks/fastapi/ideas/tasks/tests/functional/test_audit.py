"""The audit log: complete, readable by admins, and unchangeable."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit import service
from app.database import Database
from app.settings import Settings
from tests.fixtures import TEST_DATABASE_URL, NewDatabase, alembic_config
from tests.people import Json, Team


async def entries(team: Team, query: str = "") -> list[Json]:
    page = await team.admin.read(f"{team.organisation}/audit?limit=100&{query}")
    items: list[Json] = page["items"]
    return items


class TestEntries:
    async def test_a_change_is_noted_with_before_and_after(self, team: Team) -> None:
        task = await team.task(labels=["a"], dueDate="2030-12-24")
        await team.admin.change(
            f"/tasks/{task['id']}",
            {"status": "in_progress", "labels": ["b"], "dueDate": None, "title": "Order brass"},
        )
        changed, created = await entries(team, f"objectId={task['id']}")
        assert (changed["action"], changed["objectType"]) == ("task.change", "task")
        assert changed["actor"] == {"id": team.admin.id, "displayName": "Charles"}
        # What stayed as it was is left out.
        assert changed["before"] == {"status": "todo", "labels": ["a"], "dueDate": "2030-12-24"}
        assert changed["after"] == {"status": "in_progress", "labels": ["b"], "dueDate": None}
        assert created["before"] is None
        assert created["after"]["title"] == "Order brass"

    async def test_everything_that_is_done_is_noted(self, team: Team) -> None:
        task = await team.task()
        path = f"/tasks/{task['id']}"
        comment = await team.member.make(f"{path}/comments", {"text": "Brass?"})
        await team.member.change(f"/comments/{comment['id']}", {"text": "Brass!"})
        await team.member.ask("DELETE", f"/comments/{comment['id']}")
        await team.member.ask("POST", f"{path}/move", {"after": None})
        await team.member.ask("DELETE", path)
        role = f"{team.project}/roles/{team.member.id}"
        await team.owner.ask("PUT", role, {"role": "viewer"})
        await team.owner.ask("DELETE", role)
        await team.owner.change(team.project, {"name": "Engine"})
        await team.owner.ask("DELETE", team.project)
        await team.owner.change(f"{team.organisation}/members/{team.member.id}", {"role": "viewer"})
        await team.owner.ask("DELETE", f"{team.organisation}/members/{team.member.id}")
        await team.owner.change(team.organisation, {"name": "Engines"})
        invitations = f"{team.organisation}/invitations"
        for end in ("withdraw", "decline", "accept"):
            body = {"email": team.outsider.email, "role": "viewer"}
            made = await team.owner.make(invitations, body)
            if end == "withdraw":
                await team.owner.ask("DELETE", f"{invitations}/{made['id']}")
            elif end == "decline":
                await team.outsider.ask("DELETE", f"/invitations/{made['id']}")
            else:
                await team.outsider.ask("POST", f"/invitations/{made['id']}/accept")
        assert [entry["action"] for entry in reversed(await entries(team))] == [
            "organisation.create",
            "project.create",
            "task.create",
            "comment.create",
            "comment.change",
            "comment.delete",
            "task.move",
            "task.delete",
            "project.lower_role",
            "project.restore_role",
            "project.change",
            "project.delete",
            "member.change",
            "member.remove",
            "organisation.change",
            "invitation.create",
            "invitation.withdraw",
            "invitation.create",
            "invitation.decline",
            "invitation.create",
            "member.join",
        ]

    async def test_what_was_refused_is_not_noted(self, team: Team) -> None:
        task = await team.task()
        await team.member.ask("PATCH", f"/tasks/{task['id']}", {"status": "done"})
        await team.viewer.ask("DELETE", f"/tasks/{task['id']}")
        assert [entry["action"] for entry in await entries(team, f"objectId={task['id']}")] == [
            "task.create"
        ]

    async def test_it_is_filtered_and_read_page_by_page(self, team: Team) -> None:
        await team.task()
        await team.owner.make(f"{team.organisation}/projects", {"name": "Other"})
        assert [entry["action"] for entry in await entries(team, f"actorId={team.member.id}")] == [
            "task.create"
        ]
        assert len(await entries(team, "action=project.create")) == 2
        path = f"{team.organisation}/audit?limit=3"
        first = await team.admin.read(path)
        rest = await team.admin.read(f"{path}&cursor={first['nextCursor']}")
        assert [len(first["items"]), len(rest["items"])] == [3, 1]
        assert first["items"] + rest["items"] == await entries(team)


class TestFile:
    async def test_it_is_csv_from_the_oldest(
        self, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # So that a few entries take more than one batch.
        monkeypatch.setattr(service, "BATCH", 2)
        await team.member.change("/users/me", {"displayName": "=1+1"})
        await team.task('Say "brass", please', dueDate="2030-12-24")
        answer = await team.owner.ask("GET", f"{team.organisation}/audit", Accept="text/csv")
        assert answer.headers["Content-Type"].startswith("text/csv")
        header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
        assert header == [
            "id",
            "at",
            "actorId",
            "actor",
            "action",
            "objectType",
            "objectId",
            "before",
            "after",
        ]
        assert [row[4] for row in rows] == [
            "organisation.create", "project.create", "task.create",
        ]  # fmt: skip
        assert rows[2][3] == "'=1+1"
        assert json.loads(rows[2][8])["title"] == 'Say "brass", please'
        assert rows[2][7] == ""


STATEMENTS = ["UPDATE audit_entries SET action = 'nothing'", "DELETE FROM audit_entries"]
if TEST_DATABASE_URL:
    STATEMENTS.append("TRUNCATE audit_entries")


@pytest.fixture(scope="module")
def protected(new_database: NewDatabase) -> Settings:
    """A database with an entry, as the migrations make it."""
    url = new_database()
    command.upgrade(alembic_config(url), "head")
    settings = Settings(database_url=url)
    asyncio.run(add_entry(settings))
    return settings


async def add_entry(settings: Settings) -> None:
    database = Database(settings.sqlalchemy_url)
    async with database.session() as session:
        actor = service.Actor(uuid4(), uuid4())
        change = service.Change(after={"at": datetime.now(UTC)})
        service.record(session, actor, "task.create", uuid4(), change)
        await session.commit()
    await database.close()


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_the_database_refuses_to_change_an_entry(protected: Settings, statement: str) -> None:
    database = Database(protected.sqlalchemy_url)
    async with database.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="only ever added to"):
            await connection.execute(text(statement))
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM audit_entries")) == 1
    await database.close()
