"""What the page of the idea `tasks` asks for beyond the collection."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import yaml

from tests.applications import Application
from tests.repositories.conftest import Start
from tests.repositories.repository import Repository
from tests.repositories.services import Database, Services
from tests.web import Answer, ask

pytestmark = pytest.mark.idea("tasks")

PASSWORD = "a long sentence is a good password"  # noqa: S105
ROLES = ("owner", "admin", "member", "viewer")
AT_ONCE = 12
# Longer than the worker's pauses, and than the lease of what a dead worker had taken.
PATIENCE = 120.0
LIMITS = {"REGISTRATION_LIMIT": "1000000/minute", "INVITATION_LIMIT": "1000000/minute"}


@dataclass(frozen=True)
class Person:
    """Somebody with an account, or nobody.

    Args:
        api: The prefix of all addresses.
        id: Their account's id.
        email: Their address.
        token: Their access token; empty for nobody.
    """

    api: str
    id: str = ""
    email: str = ""
    token: str = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send a request."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return ask(method, self.api + path, body, {**own, **headers}, seconds=60)

    def make(self, path: str, body: object) -> Any:
        """Make something and return it."""
        answer = self.ask("POST", path, body)
        assert answer.status == 201, answer.body
        return answer.json

    def read(self, path: str) -> Any:
        """Return something that is there."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.body
        return answer.json


def person(api: str, name: str = "Somebody") -> Person:
    """Register somebody and log them in."""
    email = f"{uuid4().hex}@example.com"
    nobody = Person(api)
    new = {"email": email, "displayName": name, "password": PASSWORD}
    assert nobody.ask("POST", "/users", new).status == 202
    session = nobody.make("/sessions", {"email": email, "password": PASSWORD})
    me = Person(api, email=email, token=session["accessToken"])
    return Person(api, me.read("/users/me")["id"], email, me.token)


def join(owner: Person, organisation: str, guest: Person, role: str) -> None:
    """Make somebody a member."""
    path = f"/organisations/{organisation}/invitations"
    made = owner.make(path, {"email": guest.email, "role": role})
    assert guest.ask("POST", f"/invitations/{made['id']}/accept").status == 200


@dataclass(frozen=True)
class Team:
    """An organisation with somebody in each role, and one outside.

    Args:
        people: By role; "outsider" is not in it, and "nobody" has no token.
        organisation: Its id.
        project: A project's id.
    """

    people: dict[str, Person]
    organisation: str
    project: str

    def task(self, title: str = "Order brass", **fields: object) -> Any:
        """Make a task as the member."""
        path = f"/projects/{self.project}/tasks"
        return self.people["member"].make(path, {"title": title, **fields})


def team(address: str) -> Team:
    """Make an organisation with its people."""
    api = f"{address}/api/v1"
    people = {role: person(api, role) for role in (*ROLES, "outsider")} | {"nobody": Person(api)}
    owner = people["owner"]
    organisation = owner.make("/organisations", {"name": "Analytical Engines"})["id"]
    for role in ROLES[1:]:
        join(owner, organisation, people[role], role)
    project = owner.make(f"/organisations/{organisation}/projects", {"name": "Engine"})["id"]
    return Team(people, organisation, project)


@pytest.fixture(scope="module")
def address(application: Application) -> str:
    """The address of the application."""
    return application.address


@pytest.fixture
def engines(address: str) -> Team:
    """An organisation with its people."""
    return team(address)


def guarded(repository: Repository) -> Iterator[tuple[str, str, str, str]]:
    """Give each operation that needs a role: its name, method, path and action."""
    document = yaml.safe_load((repository.path / "docs" / "openapi.yaml").read_text("utf-8"))
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "x-permission" in operation:
                yield (
                    operation["operationId"],
                    method.upper(),
                    path.removeprefix("/api/v1"),
                    operation["x-permission"],
                )


def scene(team: Team, caller: str, operation: str) -> dict[str, str]:
    """Make one of everything, and return the ids by the names of path parameters."""
    owner = team.people["owner"]
    path = f"/organisations/{team.organisation}"
    project = owner.make(f"{path}/projects", {"name": "Engine"})["id"]
    task = owner.make(f"/projects/{project}/tasks", {"title": "Order brass"})["id"]
    # What only its author may do is asked as the author.
    author = team.people[caller] if caller in {"admin", "member"} else owner
    comment = author.make(f"/tasks/{task}/comments", {"text": "Brass?"})["id"]
    ids = {"projectId": project, "taskId": task, "commentId": comment}
    if "Invitation" in operation:
        body = {"email": f"{uuid4().hex}@example.com", "role": "member"}
        ids["invitationId"] = owner.make(f"{path}/invitations", body)["id"]
    if "Member" in operation or "Role" in operation:
        guest = person(owner.api)
        join(owner, team.organisation, guest, "member")
        ids["userId"] = guest.id
    return {"organisationId": team.organisation, **ids}


def body_of(operation: str, task: str) -> Any:
    """Return a body that an operation takes; None where it has none."""
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


def test_every_role_may_do_what_the_table_says_and_nothing_else(
    repository: Repository, engines: Team
) -> None:
    nobody = engines.people["nobody"]
    table = {row["action"]: row["roles"] for row in nobody.read("/permissions")["items"]}
    # Last of all the owner deletes the organisation.
    operations = sorted(guarded(repository), key=lambda each: each[3] == "organisation.delete")
    assert {action for *_, action in operations} == set(table)
    wrong = []
    for operation, method, path, action in operations:
        ids = scene(engines, "owner", operation)
        for caller in ("nobody", "outsider", "viewer", "member", "admin", "owner"):
            if caller in table[action]:
                # Whoever came before may have deleted what there was.
                ids = scene(engines, caller, operation)
            answer = engines.people[caller].ask(
                method, path.format(**ids), body_of(operation, ids["taskId"])
            )
            if caller == "nobody":
                expected = answer.status == 401
            elif caller == "outsider":
                expected = answer.status == 404
            elif caller in table[action]:
                expected = answer.status < 300
            else:
                expected = answer.status == 403
            if not expected:
                wrong.append(f"{operation} as {caller}: {answer.status}")
    assert wrong == []


def test_what_others_do_is_nowhere_to_be_seen(engines: Team) -> None:
    task = engines.task(assigneeIds=[engines.people["admin"].id])
    outsider = engines.people["outsider"]
    assert outsider.read("/tasks")["items"] == []
    assert outsider.read(f"/tasks?assigneeId={engines.people['admin'].id}")["items"] == []
    assert outsider.read("/organisations")["total"] == 0
    # Nor can it be told from what does not exist.
    unknown = outsider.ask("GET", f"/tasks/{uuid4()}")
    hidden = outsider.ask("GET", f"/tasks/{task['id']}")
    assert (hidden.status, hidden.body) == (unknown.status, unknown.body)


def test_the_same_answer_whether_an_address_has_an_account(engines: Team) -> None:
    nobody = engines.people["nobody"]
    known, unknown = engines.people["owner"].email, f"{uuid4().hex}@example.com"
    wrong = "not the password of anybody"
    for path, body in (
        ("/users", {"displayName": "Somebody", "password": PASSWORD}),
        ("/sessions", {"password": wrong}),
        ("/password-resets", {}),
    ):
        answers = [nobody.ask("POST", path, {**body, "email": who}) for who in (known, unknown)]
        assert len({(answer.status, answer.body) for answer in answers}) == 1, path


def at_once(calls: list[Callable[[], Answer]]) -> Counter[int]:
    """Do things at the same time, and count the statuses of the answers."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(answer.status for answer in pool.map(lambda call: call(), calls))


def test_of_many_who_saw_the_same_version_one_changes_it(engines: Team) -> None:
    member = engines.people["member"]
    path = f"/tasks/{engines.task()['id']}"
    etag = str(member.ask("GET", path).headers["ETag"])

    def change() -> Answer:
        return member.ask("PATCH", path, {"title": uuid4().hex}, **{"If-Match": etag})

    assert at_once([change] * AT_ONCE) == {200: 1, 412: AT_ONCE - 1}


def order(team: Team) -> list[str]:
    """Return the ids of a project's tasks in their order, page by page."""
    found: list[str] = []
    cursor = ""
    while True:
        path = f"/projects/{team.project}/tasks?limit=5{cursor}"
        page = team.people["viewer"].read(path)
        found += [task["id"] for task in page["items"]]
        if page["nextCursor"] is None:
            return found
        cursor = f"&cursor={page['nextCursor']}"


def test_people_who_move_tasks_at_once_end_up_with_one_order(engines: Team) -> None:
    tasks = [engines.task()["id"] for _ in range(AT_ONCE)]
    member = engines.people["member"]
    rng = random.Random(1)  # noqa: S311 - the same moves each time

    def mover(task: str, after: str | None) -> Callable[[], Answer]:
        return lambda: member.ask("POST", f"/tasks/{task}/move", {"after": after})

    moves = []
    for task in tasks * 4:
        others = [other for other in tasks if other != task]
        moves.append(mover(task, rng.choice([*others, None])))
    assert at_once(moves) == {200: len(moves)}
    assert sorted(order(engines)) == sorted(tasks)
    assert order(engines) == order(engines)


def test_the_last_two_owners_cannot_both_leave(engines: Team) -> None:
    first, second = engines.people["owner"], person(engines.people["owner"].api)
    join(first, engines.organisation, second, "owner")
    path = f"/organisations/{engines.organisation}/members"

    def leave(who: Person) -> Callable[[], Answer]:
        return lambda: who.ask("DELETE", f"{path}/{who.id}")

    assert at_once([leave(first), leave(second)]) == {204: 1, 409: 1}


def test_a_bulk_change_happens_to_all_or_to_none(engines: Team) -> None:
    member = engines.people["member"]
    tasks = [engines.task()["id"] for _ in range(10)]
    stopped = {"status": "cancelled"}
    assert member.ask("PATCH", f"/tasks/{tasks[7]}", stopped).status == 200
    body = {"taskIds": tasks, "changes": {"status": "in_progress", "labels": ["x"]}}
    answer = member.ask("POST", "/tasks/bulk", body)
    assert answer.status == 409
    assert [error["pointer"] for error in answer.json["errors"]] == ["#/taskIds/7"]
    assert member.read("/tasks?label=x")["items"] == []


@pytest.mark.databases("postgresql")
def test_nobody_changes_the_audit_log_not_even_at_the_database(
    application: Application, engines: Team, services: Services
) -> None:
    engines.task()
    path = f"/organisations/{engines.organisation}/audit"
    before = engines.people["owner"].read(path)["items"]
    assert len(before) >= 3
    for sql in (
        "UPDATE audit_entries SET action = 'nothing'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ):
        with pytest.raises(AssertionError):
            services.postgres.query(application.database, sql)
    assert engines.people["owner"].read(path)["items"] == before
    for method in ("PUT", "PATCH", "POST", "DELETE"):
        assert engines.people["owner"].ask(method, path, {}).status == 405


def test_the_audit_log_outlives_a_refused_change_without_a_trace(engines: Team) -> None:
    task = engines.task()["id"]
    refused = engines.people["member"].ask("PATCH", f"/tasks/{task}", {"status": "done"})
    assert refused.status == 409
    path = f"/organisations/{engines.organisation}/audit?objectId={task}"
    entries = engines.people["admin"].read(path)["items"]
    assert [entry["action"] for entry in entries] == ["task.create"]


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def reminders(who: Person) -> Counter[str]:
    """Return how often somebody was reminded of each task."""
    found: Counter[str] = Counter()
    cursor = ""
    while True:
        page = who.read(f"/notifications?limit=100{cursor}")
        found.update(item["taskId"] for item in page["items"] if item["kind"] == "due")
        if page["nextCursor"] is None:
            return found
        cursor = f"&cursor={page['nextCursor']}"


def test_a_worker_that_is_killed_reminds_of_each_task_once(
    database: Database, start: Start
) -> None:
    """With the broker, and without one on the embedded database."""
    application = start(database, LIMITS)
    worker = application.others["worker"]
    engines = team(application.address)
    member = engines.people["member"]
    today = datetime.now(UTC).date().isoformat()
    worker.kill()
    tasks: list[str] = []
    for _ in range(4):
        known = len(tasks)
        tasks += [engines.task(dueDate=today)["id"] for _ in range(15)]
        worker.start()
        # Killed while it is at work.
        eventually(lambda known=known: len(reminders(member)) > known)  # type: ignore[misc]
        worker.kill()
    worker.start()
    # Whatever the dead had taken is given to others after a minute.
    eventually(lambda: len(reminders(member)) == len(tasks))
    # Time for a second one, if there were one.
    time.sleep(3)
    assert reminders(member) == Counter(tasks)
