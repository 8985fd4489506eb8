"""What stays true when many do something at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import httpx

from tests.people import Json, NewPerson, Team, join

PEOPLE = 8


def statuses(answers: Sequence[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


async def test_of_many_who_saw_the_same_version_one_changes_it(team: Team) -> None:
    task = await team.task()
    path = f"/tasks/{task['id']}"
    etag = (await team.member.get(path)).headers["ETag"]
    answers = await asyncio.gather(
        *(
            team.member.ask("PATCH", path, {"title": str(number)}, **{"If-Match": etag})
            for number in range(PEOPLE)
        )
    )
    assert statuses(answers) == {200: 1, 412: PEOPLE - 1}


async def test_changes_of_different_fields_do_not_undo_each_other(team: Team) -> None:
    task = await team.task()
    changes: list[Json] = [
        {"title": "Order copper"},
        {"priority": "high"},
        {"labels": ["a"]},
        {"dueDate": "2030-12-24"},
        {"assigneeIds": [team.admin.id]},
        {"status": "in_progress"},
    ]
    for answer in await asyncio.gather(
        *(team.member.ask("PATCH", f"/tasks/{task['id']}", change) for change in changes)
    ):
        assert answer.status_code == 200
    after = await team.member.read(f"/tasks/{task['id']}")
    assert after["version"] == 1 + len(changes)
    assert (after["title"], after["priority"]) == ("Order copper", "high")
    assert (after["labels"], after["status"]) == (["a"], "in_progress")


async def test_people_who_move_tasks_at_once_end_up_with_one_order(team: Team) -> None:
    tasks = [await team.task(str(number)) for number in range(PEOPLE)]
    moves = [
        team.member.ask("POST", f"/tasks/{task['id']}/move", {"after": after})
        for index, task in enumerate(tasks)
        for after in (None, tasks[index - 1]["id"])
    ]
    assert statuses(await asyncio.gather(*moves)) == {200: 2 * PEOPLE}
    found = [await team.viewer.read(f"{team.project}/tasks") for _ in range(2)]
    orders = [[task["title"] for task in page["items"]] for page in found]
    assert orders[0] == orders[1]
    assert sorted(orders[0]) == [str(number) for number in range(PEOPLE)]


async def test_tasks_that_are_made_at_once_have_numbers_of_their_own(team: Team) -> None:
    tasks = await asyncio.gather(*(team.task() for _ in range(PEOPLE)))
    assert sorted(task["number"] for task in tasks) == list(range(1, PEOPLE + 1))


async def test_two_tasks_do_not_become_parts_of_each_other(team: Team) -> None:
    first, second = [await team.task(title) for title in "ab"]
    answers = await asyncio.gather(
        team.member.ask("PATCH", f"/tasks/{first['id']}", {"parentId": second["id"]}),
        team.member.ask("PATCH", f"/tasks/{second['id']}", {"parentId": first["id"]}),
    )
    assert statuses(answers) == {200: 1, 409: 1}


async def test_the_last_two_owners_cannot_both_leave(team: Team, new_person: NewPerson) -> None:
    other = await new_person("Konrad")
    await join(team.owner, team.organisation, other, "owner")
    answers = await asyncio.gather(
        *(
            person.ask("DELETE", f"{team.organisation}/members/{person.id}")
            for person in (team.owner, other)
        )
    )
    assert statuses(answers) == {204: 1, 409: 1}


async def test_an_invitation_is_accepted_once(team: Team) -> None:
    body = {"email": team.outsider.email, "role": "member"}
    made = await team.owner.make(f"{team.organisation}/invitations", body)
    answers = await asyncio.gather(
        *(team.outsider.ask("POST", f"/invitations/{made['id']}/accept") for _ in range(PEOPLE))
    )
    assert statuses(answers) == {200: 1, 404: PEOPLE - 1}


async def test_bulk_changes_of_the_same_tasks_wait_for_each_other(team: Team) -> None:
    tasks = [await team.task(str(number)) for number in range(PEOPLE)]
    ids = [task["id"] for task in tasks]
    answers = await asyncio.gather(
        *(
            team.member.ask(
                "POST",
                "/tasks/bulk",
                {"taskIds": order, "changes": {"labels": [str(number)]}},
            )
            for number, order in enumerate([ids, ids[::-1], ids[4:] + ids[:4]])
        )
    )
    assert statuses(answers) == {200: 3}
    labels = {tuple((await team.member.read(f"/tasks/{task_id}"))["labels"]) for task_id in ids}
    assert len(labels) == 1


async def test_who_works_while_the_project_is_deleted_gets_an_answer(team: Team) -> None:
    task = await team.task()
    work = [
        team.member.ask("POST", f"{team.project}/tasks", {"title": "More"}),
        team.member.ask("PATCH", f"/tasks/{task['id']}", {"title": "Other"}),
        team.member.ask("POST", f"/tasks/{task['id']}/comments", {"text": "Hello"}),
        team.viewer.ask("PUT", f"/tasks/{task['id']}/watchers/me"),
        team.member.ask("POST", f"/tasks/{task['id']}/move", {"after": None}),
    ]
    answers = await asyncio.gather(team.owner.ask("DELETE", team.project), *work)
    assert answers[0].status_code == 204
    assert {answer.status_code for answer in answers[1:]} <= {200, 201, 204, 404}
    assert (await team.member.get(f"/tasks/{task['id']}")).status_code == 404
