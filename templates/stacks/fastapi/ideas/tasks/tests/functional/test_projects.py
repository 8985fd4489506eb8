"""Projects; who may do what in them is in test_permissions.py."""

import pytest

from tests.errors import assert_error, invalid_names
from tests.people import Team


async def test_a_project_is_made_read_and_changed(team: Team) -> None:
    path = f"{team.organisation}/projects"
    made = await team.admin.make(path, {"name": "Engine No. 3", "description": "Digits"})
    assert (made["role"], made["taskCount"], made["description"]) == ("admin", 0, "Digits")
    changed = await team.admin.change(f"/projects/{made['id']}", {"name": "Engine No. 4"})
    assert (changed["name"], changed["description"]) == ("Engine No. 4", "Digits")
    assert await team.admin.change(f"/projects/{made['id']}", {}) == changed
    page = await team.viewer.read(f"{path}?pageSize=1&page=2")
    assert [item["name"] for item in page["items"]] == ["Engine No. 4"]
    assert (page["items"][0]["role"], page["total"]) == ("viewer", 2)


async def test_it_is_deleted_with_its_tasks(team: Team) -> None:
    task = await team.task()
    assert (await team.owner.read(team.project))["taskCount"] == 1
    assert (await team.admin.ask("DELETE", team.project)).status_code == 204
    assert_error(await team.owner.get(team.project), 404)
    assert_error(await team.owner.get(f"/tasks/{task['id']}"), 404)


@pytest.mark.parametrize("field", ["name", "description"])
async def test_an_invalid_field_is_named(team: Team, field: str) -> None:
    answer = await team.owner.ask("PATCH", team.project, {field: "\0"})
    assert answer.status_code == 422
    assert invalid_names(answer) == [field]
