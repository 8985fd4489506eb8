"""Single tasks: their fields, versions, workflow, tree and order."""

from typing import Any

import pytest

from tests.errors import assert_error, invalid_names
from tests.people import Json, Person, Team

# A field, and a value that it cannot have.
INVALID: list[tuple[str, object]] = [
    ("title", ""),
    ("title", " \t"),
    ("title", "x" * 201),
    ("title", "a\0b"),
    ("title", None),
    ("description", "x" * 10_001),
    ("priority", "highest"),
    ("status", "todo"),
    ("dueDate", "2030-02-30"),
    ("dueDate", 5),
    ("dueDate", "2030-01-01T00:00:00"),
    ("parentId", "x"),
    ("labels", ["a"] * 2),
    ("labels", ["x"] * 21),
    ("colour", "red"),
]
UNKNOWN = "1f0c9a52-5d7c-4b8e-8a70-3b1d2c4e6f70"


class TestCreate:
    async def test_a_task_has_what_it_was_given(self, team: Team) -> None:
        response = await team.member.ask(
            "POST",
            f"{team.project}/tasks",
            {
                "title": "Order brass 🥉",
                "description": "Two hundredweight",
                "priority": "high",
                "assigneeIds": [team.viewer.id, team.admin.id],
                "labels": ["metal", "brass"],
                "dueDate": "2030-12-24",
            },
        )
        task = response.json()
        assert response.headers["Location"] == f"http://test/api/v1/tasks/{task['id']}"
        assert [user["displayName"] for user in task["assignees"]] == ["Charles", "Vera"]
        assert task["labels"] == ["brass", "metal"]
        assert (task["number"], task["version"], task["watching"]) == (1, 1, True)
        assert task["createdBy"]["id"] == team.member.id
        assert await team.member.read(f"/tasks/{task['id']}") == task
        assert (await team.viewer.read(f"/tasks/{task['id']}"))["watching"] is False

    async def test_an_invalid_field_is_named(self, team: Team) -> None:
        for field, value in INVALID:
            response = await team.member.ask(
                "POST", f"{team.project}/tasks", {"title": "Order brass", field: value}
            )
            assert response.status_code == 422, (field, value)
            assert invalid_names(response) == [field]

    async def test_only_members_are_assigned(self, team: Team) -> None:
        response = await team.member.ask(
            "POST",
            f"{team.project}/tasks",
            {"title": "Order brass", "assigneeIds": [team.member.id, team.outsider.id]},
        )
        assert response.status_code == 422
        assert invalid_names(response) == ["assigneeIds/1"]

    async def test_markup_and_sql_are_only_text(self, team: Team) -> None:
        text = "<script>alert(1)</script>'; DROP TABLE tasks; --"
        task = await team.task(text, description=text, labels=["' OR 1=1"])
        assert (task["title"], task["description"]) == (text, text)


class TestChange:
    async def test_only_what_is_sent_changes(self, team: Team) -> None:
        task = await team.task(labels=["metal"], dueDate="2030-12-24")
        changed = await team.member.change(
            f"/tasks/{task['id']}",
            {"title": "Order copper", "dueDate": None, "assigneeIds": [team.admin.id]},
        )
        assert changed["title"] == "Order copper"
        assert changed["dueDate"] is None
        assert changed["labels"] == ["metal"]
        assert changed["assignees"] == [{"id": team.admin.id, "displayName": "Charles"}]
        assert changed["version"] == 2
        changed = await team.member.change(
            f"/tasks/{task['id']}", {"labels": ["z", "a"], "assigneeIds": []}
        )
        assert (changed["labels"], changed["assignees"]) == (["a", "z"], [])

    async def test_a_change_that_changes_nothing_is_none(self, team: Team) -> None:
        task = await team.task(labels=["metal"], assigneeIds=[team.admin.id])
        same = {"title": task["title"], "labels": ["metal"], "assigneeIds": [team.admin.id]}
        for body in ({}, same):
            assert await team.member.change(f"/tasks/{task['id']}", body) == task

    async def test_who_has_seen_the_newest_version_may_change_it(self, team: Team) -> None:
        task = await team.task()
        path = f"/tasks/{task['id']}"
        etag = (await team.owner.get(path)).headers["ETag"]
        answer = await team.owner.ask("PATCH", path, {"title": "One"}, **{"If-Match": etag})
        assert answer.status_code == 200
        assert answer.headers["ETag"] not in {etag, ""}
        late = await team.admin.ask("PATCH", path, {"title": "Two"}, **{"If-Match": etag})
        assert_error(late, 412, "The task has changed since you read it.")
        assert late.json()["current"] == {**answer.json(), "watching": False}
        late = await team.admin.ask("DELETE", path, **{"If-Match": etag})
        assert late.status_code == 412
        etag = answer.headers["ETag"]
        assert (await team.admin.ask("DELETE", path, **{"If-Match": etag})).status_code == 204

    async def test_somebody_elses_task_is_not_found(self, team: Team) -> None:
        task = await team.task()
        for path in (f"/tasks/{task['id']}", f"/tasks/{UNKNOWN}", "/tasks/x"):
            assert_error(await team.outsider.ask("PATCH", path, {}), 404)


class TestWorkflow:
    async def test_a_task_goes_through_it_step_by_step(self, team: Team) -> None:
        task = await team.task()
        for status in ("in_progress", "in_review", "done", "in_review", "cancelled"):
            changed = await team.member.change(f"/tasks/{task['id']}", {"status": status})
            assert changed["status"] == status

    @pytest.mark.parametrize(
        ("steps", "wanted", "allowed"),
        [
            ([], "done", ["in_progress", "cancelled"]),
            (["in_progress", "in_review", "done"], "cancelled", ["in_review"]),
            (["cancelled"], "todo", []),
        ],
    )
    async def test_another_step_is_refused_with_the_allowed_ones(
        self, team: Team, steps: list[str], wanted: str, allowed: list[str]
    ) -> None:
        task = await team.task()
        for status in steps:
            await team.member.change(f"/tasks/{task['id']}", {"status": status})
        answer = await team.member.ask("PATCH", f"/tasks/{task['id']}", {"status": wanted})
        assert answer.status_code == 409
        assert answer.json()["allowed"] == allowed


class TestTree:
    async def test_tasks_have_three_levels(self, team: Team) -> None:
        first = await team.task("1")
        second = await team.task("2", parentId=first["id"])
        third = await team.task("3", parentId=second["id"])
        body = {"title": "4", "parentId": third["id"]}
        answer = await team.member.ask("POST", f"{team.project}/tasks", body)
        assert_error(answer, 409, "Tasks have at most 3 levels.")
        # The same from the other end: two levels cannot go below two.
        other = await team.task("other")
        answer = await team.member.ask("PATCH", f"/tasks/{first['id']}", {"parentId": other["id"]})
        assert_error(answer, 409, "Tasks have at most 3 levels.")

    async def test_no_task_is_a_part_of_itself(self, team: Team) -> None:
        first = await team.task("1")
        second = await team.task("2", parentId=first["id"])
        for parent in (first, second):
            answer = await team.member.ask(
                "PATCH", f"/tasks/{first['id']}", {"parentId": parent["id"]}
            )
            assert_error(answer, 409, "A task cannot be a part of itself.")

    async def test_a_parent_is_in_the_same_project(self, team: Team) -> None:
        other = await team.owner.make(f"{team.organisation}/projects", {"name": "Other"})
        there = await team.owner.make(f"/projects/{other['id']}/tasks", {"title": "There"})
        here = await team.task()
        for parent in (there["id"], UNKNOWN):
            answer = await team.member.ask("PATCH", f"/tasks/{here['id']}", {"parentId": parent})
            assert_error(answer, 409, "The parent is not a task of this project.")

    async def test_a_part_can_be_taken_out(self, team: Team) -> None:
        first = await team.task("1")
        second = await team.task("2", parentId=first["id"])
        changed = await team.member.change(f"/tasks/{second['id']}", {"parentId": None})
        assert changed["parentId"] is None

    async def test_a_task_is_deleted_with_its_parts(self, team: Team) -> None:
        first = await team.task("1")
        second = await team.task("2", parentId=first["id"])
        third = await team.task("3", parentId=second["id"])
        assert (await team.member.ask("DELETE", f"/tasks/{first['id']}")).status_code == 204
        assert_error(await team.member.get(f"/tasks/{third['id']}"), 404)
        log = await team.owner.read(f"{team.organisation}/audit?action=task.delete")
        assert {entry["objectId"] for entry in log["items"]} == {
            first["id"], second["id"], third["id"],
        }  # fmt: skip


async def titles(person: Person, project: str) -> list[str]:
    page = await person.read(f"{project}/tasks?limit=100")
    return [task["title"] for task in page["items"]]


class TestOrder:
    @pytest.fixture
    async def tasks(self, team: Team) -> dict[str, Json]:
        return {title: await team.task(title) for title in "abcd"}

    @staticmethod
    async def move(team: Team, task: Json, after: Json | None) -> Any:
        body = {"after": after["id"] if after else None}
        answer = await team.member.ask("POST", f"/tasks/{task['id']}/move", body)
        assert answer.status_code == 200
        return answer.json()

    async def test_a_task_is_moved_to_where_it_belongs(
        self, team: Team, tasks: dict[str, Json]
    ) -> None:
        moved = await self.move(team, tasks["c"], None)
        assert moved["version"] == 1
        assert await titles(team.viewer, team.project) == ["c", "a", "b", "d"]
        await self.move(team, tasks["a"], tasks["d"])
        assert await titles(team.viewer, team.project) == ["c", "b", "d", "a"]
        await self.move(team, tasks["d"], tasks["c"])
        assert await titles(team.viewer, team.project) == ["c", "d", "b", "a"]

    async def test_the_room_between_two_is_never_used_up(
        self, team: Team, tasks: dict[str, Json]
    ) -> None:
        # Each time half of the room is left: after 16 times there is none.
        for turn in range(40):
            await self.move(team, tasks["c" if turn % 2 else "d"], tasks["a"])
        assert await titles(team.viewer, team.project) == ["a", "c", "d", "b"]

    async def test_it_is_moved_behind_another_of_its_project_only(
        self, team: Team, tasks: dict[str, Json]
    ) -> None:
        other = await team.owner.make(f"{team.organisation}/projects", {"name": "Other"})
        there = await team.owner.make(f"/projects/{other['id']}/tasks", {"title": "There"})
        for after in (there["id"], UNKNOWN, tasks["a"]["id"]):
            answer = await team.member.ask(
                "POST", f"/tasks/{tasks['a']['id']}/move", {"after": after}
            )
            assert answer.status_code == 409

    async def test_the_only_task_can_be_moved_too(self, team: Team) -> None:
        task = await team.task()
        await self.move(team, task, None)
        assert await titles(team.viewer, team.project) == ["Order brass"]


class TestWatchers:
    async def test_who_watches_is_listed(self, team: Team) -> None:
        task = await team.task()
        path = f"/tasks/{task['id']}/watchers"
        for _ in range(2):
            assert (await team.viewer.ask("PUT", f"{path}/me")).status_code == 204
        names = [user["displayName"] for user in (await team.owner.read(path))["items"]]
        assert names == ["Grace", "Vera"]
        for _ in range(2):
            assert (await team.viewer.ask("DELETE", f"{path}/me")).status_code == 204
        assert (await team.viewer.read(f"/tasks/{task['id']}"))["watching"] is False
