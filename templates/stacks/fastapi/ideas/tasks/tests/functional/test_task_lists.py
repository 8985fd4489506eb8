"""Lists of tasks: filters, orders and cursors, and changes of many."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app.cursors import encode_cursor
from app.tasks.queries import today
from tests.errors import assert_error, invalid_names
from tests.people import Json, Person, Team

YESTERDAY, TODAY, TOMORROW = ((today() + timedelta(days=days)).isoformat() for days in (-1, 0, 1))


# What a query finds among the tasks of TestFilters.
FOUND: dict[str, set[str]] = {
    "": {"late", "late and done", "today", "100% Übung"},
    "status=done": {"late and done"},
    "label=b": {"late", "late and done"},
    "label=b&status=todo": {"late"},
    "label=B": set(),
    "overdue=true": {"late"},
    "overdue=false": {"late and done", "today", "100% Übung"},
    f"dueBefore={TODAY}": {"late", "late and done"},
    f"dueAfter={YESTERDAY}": {"today"},
    "q=ÜBUNG": {"100% Übung"},
    "q=r_s": {"100% Übung"},
    "q=0%25": {"100% Übung"},
    "q=%25late": set(),
    "q=' OR 1=1 --": set(),
    f"organisationId={uuid4()}": set(),
    f"assigneeId={uuid4()}": set(),
}
# Queries, and the parameter that is wrong.
INVALID = [
    ("status=open", "status"),
    ("sort=colour", "sort"),
    ("limit=0", "limit"),
    ("limit=1.0", "limit"),
    ("overdue=1", "overdue"),
    ("dueBefore=tomorrow", "dueBefore"),
    ("assigneeId=me", "assigneeId"),
    ("label=", "label"),
    ("q=%00", "q"),
    ("cursor=nonsense", "cursor"),
    ("cursor=" + encode_cursor("-createdAt", "0001-01-01T00:00:00Z", uuid4()), "cursor"),
    ("cursor=" + encode_cursor("createdAt", "2026-01-01T00:00:00Z", uuid4()), "cursor"),
]
# The order in which the tasks of TestOrders come.
SORTED = {
    "createdAt": "abcd",
    "-createdAt": "dcba",
    "updatedAt": "bcda",
    "-updatedAt": "adcb",
    "priority": "acdb",
    "-priority": "bdca",
    "dueDate": "cdab",
    "-dueDate": "adcb",
}


async def find(person: Person, query: str = "") -> list[str]:
    page = await person.read(f"/tasks?limit=100&{query}")
    return [task["title"] for task in page["items"]]


async def walk(person: Person, path: str) -> list[str]:
    """Follow the cursors of a list with two tasks on each page."""
    found: list[str] = []
    cursor = ""
    while True:
        page = await person.read(f"{path}limit=2{cursor}")
        found += [task["title"] for task in page["items"]]
        if page["nextCursor"] is None:
            return found
        assert len(page["items"]) == 2
        cursor = f"&cursor={page['nextCursor']}"


class TestFilters:
    @pytest.fixture(autouse=True)
    async def tasks(self, team: Team) -> None:
        await team.task("late", dueDate=YESTERDAY, labels=["a", "b"])
        done = await team.task("late and done", dueDate=YESTERDAY, labels=["b"])
        for status in ("in_progress", "in_review", "done"):
            await team.member.change(f"/tasks/{done['id']}", {"status": status})
        await team.task("today", dueDate=TODAY, assigneeIds=[team.admin.id])
        await team.task("100% Übung", description="under_score")

    async def test_they_combine(self, team: Team) -> None:
        for query, expected in FOUND.items():
            assert set(await find(team.viewer, query)) == expected, query

    async def test_by_people_and_organisations(self, team: Team) -> None:
        assert await find(team.viewer, f"assigneeId={team.admin.id}") == ["today"]
        organisation = team.organisation.rpartition("/")[2]
        assert len(await find(team.viewer, f"organisationId={organisation}")) == 4

    async def test_others_find_nothing(self, team: Team) -> None:
        assert await find(team.outsider) == []
        assert await find(team.outsider, f"assigneeId={team.admin.id}") == []

    async def test_an_invalid_parameter_is_named(self, team: Team) -> None:
        for query, name in INVALID:
            response = await team.viewer.get(f"/tasks?{query}")
            assert response.status_code == 422, query
            assert invalid_names(response) == [name]


class TestOrders:
    @pytest.fixture(autouse=True)
    async def tasks(self, team: Team) -> None:
        await team.task("a", priority="low", dueDate=TOMORROW)
        await team.task("b", priority="urgent")
        await team.task("c", priority="normal", dueDate=YESTERDAY)
        await team.task("d", priority="high", dueDate=TODAY)
        changed = (await team.member.read("/tasks?sort=createdAt"))["items"][0]
        await team.member.change(f"/tasks/{changed['id']}", {"description": "newest"})

    async def test_pages_make_up_the_whole_list(self, team: Team) -> None:
        for sort, expected in SORTED.items():
            assert await find(team.viewer, f"sort={sort}") == list(expected), sort
            assert await walk(team.viewer, f"/tasks?sort={sort}&") == list(expected), sort

    async def test_a_projects_own_order_has_pages_too(self, team: Team) -> None:
        assert await walk(team.viewer, f"{team.project}/tasks?status=todo&") == list("abcd")
        response = await team.viewer.get(
            f"{team.project}/tasks?cursor={encode_cursor(2**70, uuid4())}"
        )
        assert response.status_code == 422

    async def test_many_tasks_take_as_many_queries_as_one(self, team: Team, app: FastAPI) -> None:
        statements: list[str] = []
        engine = app.state.database.engine.sync_engine

        @event.listens_for(engine, "before_cursor_execute")
        def note(*arguments: Any) -> None:
            statements.append(arguments[2])

        await team.viewer.read("/tasks?limit=1")
        one = len(statements)
        await team.viewer.read("/tasks?limit=4")
        event.remove(engine, "before_cursor_execute", note)
        assert len(statements) == 2 * one


class TestBulk:
    @pytest.fixture
    async def tasks(self, team: Team) -> list[Json]:
        return [await team.task(title) for title in "abc"]

    @staticmethod
    async def change(person: Person, tasks: list[Json], **changes: Any) -> Any:
        body = {"taskIds": [task["id"] for task in tasks], "changes": changes}
        return await person.ask("POST", "/tasks/bulk", body)

    async def test_all_are_changed(self, team: Team, tasks: list[Json]) -> None:
        await team.member.change(f"/tasks/{tasks[0]['id']}", {"labels": ["x"]})
        answer = await self.change(
            team.member,
            tasks,
            labels=["x"],
            status="in_progress",
            dueDate=TOMORROW,
            assigneeIds=[team.viewer.id],
        )
        assert answer.status_code == 200
        items = answer.json()["items"]
        assert [item["title"] for item in items] == ["a", "b", "c"]
        assert {item["status"] for item in items} == {"in_progress"}
        assert [item["version"] for item in items] == [3, 2, 2]

    async def test_what_is_as_it_should_be_keeps_its_version(
        self, team: Team, tasks: list[Json]
    ) -> None:
        await team.member.change(f"/tasks/{tasks[0]['id']}", {"priority": "low"})
        answer = await self.change(team.member, tasks, priority="low")
        assert [item["version"] for item in answer.json()["items"]] == [2, 2, 2]

    async def test_one_that_cannot_be_changed_stops_all(
        self, team: Team, tasks: list[Json]
    ) -> None:
        await team.member.change(f"/tasks/{tasks[1]['id']}", {"status": "cancelled"})
        answer = await self.change(team.member, tasks, status="in_progress")
        assert answer.status_code == 409
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "#/taskIds/1"
        assert await find(team.member, "status=in_progress") == []

    async def test_one_that_is_hidden_stops_all(self, team: Team, tasks: list[Json]) -> None:
        mine = await team.outsider.make("/organisations", {"name": "Mine"})
        project = await team.outsider.make(
            f"/organisations/{mine['id']}/projects", {"name": "Mine"}
        )
        hidden = await team.outsider.make(f"/projects/{project['id']}/tasks", {"title": "Mine"})
        answer = await self.change(team.member, [*tasks, hidden], priority="low")
        assert answer.status_code == 404
        assert [error["pointer"] for error in answer.json()["errors"]] == ["#/taskIds/3"]
        assert (await team.member.read(f"/tasks/{tasks[0]['id']}"))["priority"] == "normal"

    async def test_each_project_has_its_own_permission(self, team: Team, tasks: list[Json]) -> None:
        other = await team.owner.make(f"{team.organisation}/projects", {"name": "Other"})
        there = await team.owner.make(f"/projects/{other['id']}/tasks", {"title": "There"})
        role = f"/projects/{other['id']}/roles/{team.member.id}"
        await team.owner.ask("PUT", role, {"role": "viewer"})
        answer = await self.change(team.member, [there, *tasks], priority="low")
        assert answer.status_code == 403
        assert [error["pointer"] for error in answer.json()["errors"]] == ["#/taskIds/0"]

    async def test_assignees_are_members_everywhere(self, team: Team, tasks: list[Json]) -> None:
        answer = await self.change(team.member, tasks, assigneeIds=[team.outsider.id])
        assert answer.status_code == 422
        assert invalid_names(answer) == ["changes/assigneeIds/0"]

    @pytest.mark.parametrize(
        "body",
        [
            {"taskIds": [], "changes": {"priority": "low"}},
            {"taskIds": [str(uuid4())] * 2, "changes": {"priority": "low"}},
            {"taskIds": [str(uuid4()) for _ in range(101)], "changes": {"priority": "low"}},
            {"taskIds": [str(uuid4())], "changes": {}},
            {"taskIds": [str(uuid4())], "changes": {"title": "Mine"}},
        ],
    )
    async def test_a_body_that_makes_no_sense_is_refused(self, team: Team, body: Json) -> None:
        assert_error(await team.member.ask("POST", "/tasks/bulk", body), 422)
