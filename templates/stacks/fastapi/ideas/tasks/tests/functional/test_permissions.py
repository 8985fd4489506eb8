"""Every role on every route, as the table in app/permissions.py says."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.permissions import PERMISSIONS
from tests.fixtures import ROOT
from tests.people import API, Json, NewPerson, Team

DOCUMENT = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text("utf-8"))
# Operation -> method, path and action, of all operations that need a role.
GUARDED = {
    operation["operationId"]: (method.upper(), path, operation["x-permission"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if "x-permission" in operation
}
CALLERS = ("outsider", "viewer", "member", "admin", "owner")


def body_of(operation: str, task: str) -> Any:
    bodies: dict[str, Any] = {
        "changeOrganisation": {"name": "Difference Engines"},
        "changeMember": {"role": "viewer"},
        "inviteMember": {"email": f"{uuid4().hex}@example.com", "role": "viewer"},
        "createProject": {"name": "Engine No. 3"},
        "changeProject": {"name": "Engine No. 4"},
        "lowerProjectRole": {"role": "viewer"},
        "createTask": {"title": "Order copper"},
        "changeTask": {"priority": "high"},
        "changeTasks": {"taskIds": [task], "changes": {"priority": "low"}},
        "moveTask": {"after": None},
        "createComment": {"text": "Brass is here."},
        "changeComment": {"text": "Half of the brass is here."},
    }
    return bodies.get(operation)


class Scene:
    """What a request can be about; made anew when it was deleted."""

    def __init__(self, team: Team, new_person: NewPerson) -> None:
        self.team = team
        self.new_person = new_person

    async def ids(self, caller: str, operation: str) -> dict[str, str]:
        """Make one of everything and return the ids by the names of path parameters."""
        team = self.team
        owner = team.owner
        project = await owner.make(f"{team.organisation}/projects", {"name": "Engine"})
        task = await owner.make(f"/projects/{project['id']}/tasks", {"title": "Order brass"})
        # What only its author may do is asked as the author.
        author = team.people[caller] if caller in {"member", "admin"} else owner
        comment = await author.make(f"/tasks/{task['id']}/comments", {"text": "Brass?"})
        ids = {
            "organisationId": team.organisation.rpartition("/")[2],
            "projectId": project["id"],
            "taskId": task["id"],
            "commentId": comment["id"],
        }
        if operation == "withdrawInvitation":
            ids["invitationId"] = await self.invitation()
        if "Member" in operation or "Role" in operation:
            ids["userId"] = await self.somebody()
        return ids

    async def invitation(self) -> str:
        body = {"email": f"{uuid4().hex}@example.com", "role": "member"}
        made = await self.team.owner.make(f"{self.team.organisation}/invitations", body)
        return str(made["id"])

    async def somebody(self) -> str:
        """Return the id of one more member."""
        person = await self.new_person("Mary")
        body = {"email": person.email, "role": "member"}
        made = await self.team.owner.make(f"{self.team.organisation}/invitations", body)
        await person.ask("POST", f"/invitations/{made['id']}/accept")
        return person.id


@pytest.fixture
def scene(team: Team, new_person: NewPerson) -> Scene:
    return Scene(team, new_person)


@pytest.mark.parametrize("operation", GUARDED)
async def test_a_role_may_do_what_the_table_says_and_nothing_else(
    operation: str, scene: Scene, client: httpx.AsyncClient
) -> None:
    method, path, action = GUARDED[operation]
    path = path.removeprefix(API)
    ids = await scene.ids("owner", operation)
    answer = await client.request(
        method, API + path.format(**ids), json=body_of(operation, ids["taskId"])
    )
    assert answer.status_code == 401
    for caller in CALLERS:
        if caller != "outsider" and caller in PERMISSIONS[action].roles:
            ids = await scene.ids(caller, operation)
        person = scene.team.people[caller]
        answer = await person.ask(method, path.format(**ids), body_of(operation, ids["taskId"]))
        if caller == "outsider":
            assert answer.status_code == 404, caller
        elif caller in PERMISSIONS[action].roles:
            assert answer.is_success, (caller, answer.text)
        else:
            assert answer.status_code == 403, caller


def actions_of(dependant: Dependant) -> list[str]:
    """Return what the guards of a route say that it does."""
    own = getattr(dependant.call, "action", None)
    inner = [action for each in dependant.dependencies for action in actions_of(each)]
    return [own, *inner] if own else inner


def test_each_route_is_guarded_by_what_the_contract_says(app: FastAPI) -> None:
    guarded: dict[str, list[str]] = {}
    for route in all_routes(app.router.routes):
        if isinstance(route, APIRoute) and (actions := actions_of(route.dependant)):
            guarded[app_operation_id(route)] = actions
    # A bulk change has no path to guard: the service looks at each task.
    expected = {
        operation: [action]
        for operation, (_, _, action) in GUARDED.items()
        if operation != "changeTasks"
    }
    assert guarded == expected


def all_routes(routes: list[Any]) -> list[Any]:
    found: list[Any] = []
    for route in routes:
        inner = getattr(route, "original_router", None)
        found += all_routes(inner.routes) if inner is not None else [route]
    return found


def app_operation_id(route: APIRoute) -> str:
    words = route.name.split("_")
    return words[0] + "".join(word.capitalize() for word in words[1:])


def test_each_action_of_the_table_is_one_of_a_route() -> None:
    assert {action for _, _, action in GUARDED.values()} == set(PERMISSIONS)


async def test_the_table_can_be_read(client: httpx.AsyncClient) -> None:
    table: Json = (await client.get(f"{API}/permissions")).json()
    assert {item["action"]: tuple(item["roles"]) for item in table["items"]} == {
        action: permission.roles for action, permission in PERMISSIONS.items()
    }


class TestProjectRole:
    async def test_a_lowered_role_counts_in_its_project_only(self, team: Team) -> None:
        other = await team.owner.make(f"{team.organisation}/projects", {"name": "Other"})
        role = f"{team.project}/roles/{team.member.id}"
        assert (await team.owner.ask("PUT", role, {"role": "viewer"})).status_code == 200
        denied = await team.member.ask("POST", f"{team.project}/tasks", {"title": "Mine"})
        assert denied.status_code == 403
        await team.member.make(f"/projects/{other['id']}/tasks", {"title": "Mine"})
        assert (await team.member.read(team.project))["role"] == "viewer"
        assert (await team.owner.ask("DELETE", role)).status_code == 204
        await team.task()

    @pytest.mark.parametrize("role", ["admin", "member"])
    async def test_a_role_is_never_raised(self, team: Team, role: str) -> None:
        answer = await team.owner.ask(
            "PUT", f"{team.project}/roles/{team.member.id}", {"role": role}
        )
        assert answer.status_code == 409

    async def test_owners_are_never_lowered(self, team: Team) -> None:
        answer = await team.owner.ask(
            "PUT", f"{team.project}/roles/{team.owner.id}", {"role": "viewer"}
        )
        assert answer.status_code == 409

    async def test_admins_do_not_lower_each_other(self, team: Team) -> None:
        role = f"{team.project}/roles/{team.admin.id}"
        assert (await team.admin.ask("PUT", role, {"role": "viewer"})).status_code == 403
        assert (await team.owner.ask("PUT", role, {"role": "viewer"})).status_code == 200
        # Nor restore themselves.
        assert (await team.admin.ask("DELETE", role)).status_code == 403

    async def test_a_role_that_is_lowered_in_the_organisation_is_not_raised_here(
        self, team: Team
    ) -> None:
        await team.owner.ask("PUT", f"{team.project}/roles/{team.admin.id}", {"role": "member"})
        await team.owner.change(f"{team.organisation}/members/{team.admin.id}", {"role": "viewer"})
        assert (await team.admin.read(team.project))["role"] == "viewer"
        assert (await team.owner.read(f"{team.project}/roles"))["total"] == 0

    async def test_somebody_else_has_no_role_to_lower(self, team: Team) -> None:
        answer = await team.owner.ask(
            "PUT", f"{team.project}/roles/{team.outsider.id}", {"role": "viewer"}
        )
        assert answer.status_code == 404
