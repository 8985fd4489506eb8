"""Comments; who may do what with them is in test_permissions.py."""

import pytest

from tests.errors import assert_error, invalid_names
from tests.people import Json, Team


@pytest.fixture
async def task(team: Team) -> Json:
    return await team.task()


async def test_comments_are_listed_from_the_oldest(team: Team, task: Json) -> None:
    path = f"/tasks/{task['id']}/comments"
    for text in ("one", "two", "three"):
        made = await team.member.make(path, {"text": text})
    assert made["author"] == {"id": team.member.id, "displayName": "Grace"}
    first = await team.viewer.read(f"{path}?limit=2")
    rest = await team.viewer.read(f"{path}?limit=2&cursor={first['nextCursor']}")
    texts = [item["text"] for page in (first, rest) for item in page["items"]]
    assert texts == ["one", "two", "three"]
    assert rest["nextCursor"] is None
    assert (await team.viewer.read(f"/tasks/{task['id']}"))["commentCount"] == 3


async def test_only_its_author_changes_a_comment(team: Team, task: Json) -> None:
    made = await team.member.make(f"/tasks/{task['id']}/comments", {"text": "Brass?"})
    changed = await team.member.change(f"/comments/{made['id']}", {"text": "Brass!"})
    assert changed["text"] == "Brass!"
    assert changed["editedAt"] is not None
    for other in (team.owner, team.admin):
        answer = await other.ask("PATCH", f"/comments/{made['id']}", {"text": "Mine"})
        assert_error(answer, 403, "Only its author may change a comment.")


async def test_members_delete_their_own_and_admins_all(team: Team, task: Json) -> None:
    path = f"/tasks/{task['id']}/comments"
    made = await team.admin.make(path, {"text": "Brass?"})
    assert (await team.member.ask("DELETE", f"/comments/{made['id']}")).status_code == 403
    assert (await team.owner.ask("DELETE", f"/comments/{made['id']}")).status_code == 204
    assert_error(await team.owner.ask("DELETE", f"/comments/{made['id']}"), 404)
    own = await team.member.make(path, {"text": "Brass!"})
    assert (await team.member.ask("DELETE", f"/comments/{own['id']}")).status_code == 204


async def test_a_text_that_is_none_is_refused(team: Team, task: Json) -> None:
    for text in ("", " \n", "x" * 5001, "\0", None):
        answer = await team.member.ask("POST", f"/tasks/{task['id']}/comments", {"text": text})
        assert answer.status_code == 422
        assert invalid_names(answer) == ["text"]


async def test_markup_is_only_text(team: Team, task: Json) -> None:
    text = "<b>really</b> @nobody@example.com"
    made = await team.member.make(f"/tasks/{task['id']}/comments", {"text": text})
    assert made["text"] == text
