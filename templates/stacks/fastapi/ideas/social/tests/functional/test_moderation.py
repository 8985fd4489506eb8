"""Reports, and what moderators do about them."""

from uuid import uuid4

import pytest

from tests.errors import assert_error
from tests.people import API, Join, Person

REPORTS = f"{API}/moderation/reports"


@pytest.fixture
async def moderator(join: Join) -> Person:
    return await join("marie", moderator=True)


async def decide(moderator: Person, report: dict[str, str], decision: str) -> None:
    await moderator.expect(
        200,
        "PATCH",
        f"/moderation/reports/{report['id']}",
        json={"decision": decision, "note": "Rule 3"},
    )


class TestReports:
    async def test_the_oldest_open_one_is_first(
        self, ada: Person, grace: Person, moderator: Person
    ) -> None:
        post = await grace.post_text("Buy!")
        path = f"/posts/{post['id']}/reports"
        first = await ada.expect(201, "POST", path, json={"reason": "spam", "text": "Again"})
        second = await ada.expect(201, "POST", "/profiles/grace/reports", json={"reason": "other"})
        assert (first["postId"], first["postText"]) == (post["id"], "Buy!")
        assert (second["profile"]["handle"], second["postId"]) == ("grace", None)
        assert await moderator.items("/moderation/reports") == [first, second]
        page = await moderator.expect(200, "GET", "/moderation/reports?limit=1")
        parameters = {"cursor": page["nextCursor"]}
        assert await moderator.items("/moderation/reports", **parameters) == [second]

    async def test_while_it_is_open_reporting_again_replaces_what_was_said(
        self, ada: Person, grace: Person, moderator: Person
    ) -> None:
        path = "/profiles/grace/reports"
        first = await ada.expect(201, "POST", path, json={"reason": "spam"})
        again = await ada.expect(201, "POST", path, json={"reason": "other", "text": "Sorry"})
        assert again == {**first, "reason": "other", "text": "Sorry"}
        assert await moderator.items("/moderation/reports") == [again]
        await decide(moderator, first, "dismiss")
        assert (await ada.expect(201, "POST", path, json={"reason": "other"}))["id"] != first["id"]

    async def test_nobody_reports_themselves(self, ada: Person) -> None:
        post = await ada.post_text("Hello")
        for path in ("/profiles/ada/reports", f"/posts/{post['id']}/reports"):
            await ada.expect(409, "POST", path, json={"reason": "spam"})


class TestDecisions:
    async def test_a_hidden_post_is_seen_by_its_author_only(
        self, ada: Person, grace: Person, moderator: Person
    ) -> None:
        post = await grace.post_text("Buy!")
        path = f"/posts/{post['id']}/reports"
        report = await ada.expect(201, "POST", path, json={"reason": "spam"})
        await decide(moderator, report, "hide_post")
        for person in (ada, moderator):
            await person.expect(404, "GET", f"/posts/{post['id']}")
        await grace.expect(200, "GET", f"/posts/{post['id']}")
        assert (await ada.expect(200, "GET", "/profiles/grace"))["postCount"] == 0
        (hidden,) = await moderator.items("/moderation/reports", state="hidden")
        assert hidden["resolvedAt"] is not None
        await moderator.expect(204, "DELETE", f"/moderation/posts/{post['id']}/hide")
        await ada.expect(200, "GET", f"/posts/{post['id']}")
        await moderator.expect(404, "DELETE", f"/moderation/posts/{post['id']}/hide")

    async def test_a_suspended_account_is_out_and_nobody_sees_it(
        self, ada: Person, grace: Person, moderator: Person
    ) -> None:
        post = await grace.post_text("Buy!")
        await ada.follow(grace)
        report = await ada.expect(201, "POST", "/profiles/grace/reports", json={"reason": "spam"})
        await decide(moderator, report, "suspend_account")
        await grace.expect(401, "GET", "/users/me")
        body = {"refreshToken": grace.session["refreshToken"]}
        await grace.expect(401, "POST", "/sessions/refresh", json=body)
        await ada.expect(404, "GET", "/profiles/grace")
        await ada.expect(404, "GET", f"/posts/{post['id']}")
        assert await ada.ids("/timelines/home") == []
        await moderator.expect(204, "DELETE", "/moderation/profiles/GRACE/suspension")
        assert await ada.ids("/timelines/home") == [post["id"]]
        await moderator.expect(404, "DELETE", "/moderation/profiles/grace/suspension")

    async def test_a_report_is_decided_once(
        self, ada: Person, grace: Person, moderator: Person
    ) -> None:
        report = await ada.expect(201, "POST", "/profiles/grace/reports", json={"reason": "spam"})
        path = f"/moderation/reports/{report['id']}"
        # A profile has no post to hide.
        await moderator.expect(409, "PATCH", path, json={"decision": "hide_post"})
        await moderator.expect(200, "PATCH", path, json={"decision": "dismiss"})
        await moderator.expect(409, "PATCH", path, json={"decision": "suspend_account"})
        await moderator.expect(200, "GET", "/profiles/grace")
        unknown = f"/moderation/reports/{uuid4()}"
        await moderator.expect(404, "PATCH", unknown, json={"decision": "dismiss"})

    async def test_each_is_in_the_audit_log(
        self, ada: Person, grace: Person, moderator: Person
    ) -> None:
        post = await grace.post_text("Buy!")
        path = f"/posts/{post['id']}/reports"
        report = await ada.expect(201, "POST", path, json={"reason": "spam"})
        await decide(moderator, report, "hide_post")
        await moderator.expect(204, "DELETE", f"/moderation/posts/{post['id']}/hide")
        report = await ada.expect(201, "POST", "/profiles/grace/reports", json={"reason": "spam"})
        await decide(moderator, report, "suspend_account")
        await moderator.expect(204, "DELETE", "/moderation/profiles/grace/suspension")
        report = await ada.expect(201, "POST", "/profiles/grace/reports", json={"reason": "spam"})
        await decide(moderator, report, "dismiss")
        entries = await moderator.items("/moderation/audit")
        assert [entry["action"] for entry in entries] == [
            "dismiss_report",
            "unsuspend_account",
            "suspend_account",
            "unhide_post",
            "hide_post",
        ]
        assert {(entry["moderator"], entry["handle"]) for entry in entries} == {("marie", "grace")}
        assert [entry["postId"] for entry in entries[3:]] == [post["id"]] * 2
        page = await moderator.expect(200, "GET", "/moderation/audit?limit=3")
        rest = await moderator.items("/moderation/audit", cursor=page["nextCursor"])
        assert page["items"] + rest == entries


class TestOthers:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "/reports", None),
            ("PATCH", f"/reports/{uuid4()}", {"decision": "dismiss"}),
            ("DELETE", f"/posts/{uuid4()}/hide", None),
            ("DELETE", "/profiles/ada/suspension", None),
            ("GET", "/audit", None),
        ],
    )
    async def test_only_moderators_may(
        self, ada: Person, method: str, path: str, body: dict[str, str] | None
    ) -> None:
        response = await ada.request(method, f"{API}/moderation{path}", json=body)
        assert_error(response, 403)
