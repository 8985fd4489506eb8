"""Logging in and out."""

import httpx
import pytest
from fastapi import FastAPI

from app.settings import Settings
from app.tokens import issue_token
from tests.errors import assert_error
from tests.people import API, PASSWORD, Join, Person

SESSIONS, ME = f"{API}/sessions", f"{API}/users/me"
GUESS = "a wrong guess"


async def log_in(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await client.post(SESSIONS, json={"email": email, "password": password})


class TestLogIn:
    async def test_the_address_is_right_whatever_the_case(self, ada: Person) -> None:
        response = await log_in(ada, "ADA@Example.com", PASSWORD)
        assert response.status_code == 201
        assert response.json()["expiresIn"] == 900

    async def test_an_unknown_address_and_a_wrong_password_look_alike(self, ada: Person) -> None:
        unknown = await log_in(ada, "nobody@example.com", PASSWORD)
        wrong = await log_in(ada, ada.email, GUESS)
        assert_error(unknown, 401)
        assert unknown.json() == wrong.json()

    async def test_after_five_failures_even_the_right_password_waits(self, ada: Person) -> None:
        for _ in range(5):
            assert_error(await log_in(ada, ada.email, GUESS), 401)
        response = await log_in(ada, ada.email.upper(), PASSWORD)
        assert_error(response, 429)
        assert 1 <= int(response.headers["retry-after"]) <= 60

    async def test_successes_are_not_counted(self, ada: Person) -> None:
        for _ in range(7):
            assert (await log_in(ada, ada.email, PASSWORD)).status_code == 201


class TestAccessToken:
    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic YTpi"])
    async def test_without_a_valid_one_nothing_is_answered(
        self, client: httpx.AsyncClient, header: str
    ) -> None:
        response = await client.get(ME, headers={"Authorization": header} if header else {})
        assert_error(response, 401)
        assert response.headers["www-authenticate"].startswith("Bearer")

    async def test_one_of_a_deleted_account_is_refused(
        self, client: httpx.AsyncClient, settings: Settings
    ) -> None:
        nobody = "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11"
        token = issue_token(settings, nobody, 0, sid=nobody)
        response = await client.get(ME, headers={"Authorization": f"Bearer {token}"})
        assert_error(response, 401)


class TestRefresh:
    async def test_a_session_goes_on_with_new_tokens(self, ada: Person) -> None:
        body = {"refreshToken": ada.session["refreshToken"]}
        renewed = await ada.expect(200, "POST", "/sessions/refresh", json=body)
        assert renewed["id"] == ada.session["id"]
        ada.headers["Authorization"] = f"Bearer {renewed['accessToken']}"
        await ada.expect(200, "GET", "/users/me")

    async def test_an_old_token_ends_the_session(self, ada: Person) -> None:
        old = {"refreshToken": ada.session["refreshToken"]}
        renewed = await ada.expect(200, "POST", "/sessions/refresh", json=old)
        await ada.expect(401, "POST", "/sessions/refresh", json=old)
        new = {"refreshToken": renewed["refreshToken"]}
        await ada.expect(401, "POST", "/sessions/refresh", json=new)


class TestSessions:
    async def test_they_are_listed_without_tokens(self, ada: Person) -> None:
        account = {"email": ada.email, "password": PASSWORD}
        headers = {"User-Agent": "another"}
        other = await ada.expect(201, "POST", "/sessions", json=account, headers=headers)
        items = await ada.items("/sessions")
        assert [(item["id"], item["current"]) for item in items] == [
            (other["id"], False),
            (ada.session["id"], True),
        ]
        assert items[0]["userAgent"] == "another"
        assert "oken" not in str(items)

    async def test_one_can_be_ended(self, ada: Person, grace: Person) -> None:
        await grace.expect(404, "DELETE", f"/sessions/{ada.session['id']}")
        await ada.expect(204, "DELETE", f"/sessions/{ada.session['id']}")
        await ada.expect(404, "DELETE", f"/sessions/{ada.session['id']}")
        body = {"refreshToken": ada.session["refreshToken"]}
        await ada.expect(401, "POST", "/sessions/refresh", json=body)

    async def test_all_are_ended_at_once(self, ada: Person) -> None:
        await ada.expect(204, "DELETE", "/sessions")
        await ada.expect(401, "GET", "/users/me")
        body = {"refreshToken": ada.session["refreshToken"]}
        await ada.expect(401, "POST", "/sessions/refresh", json=body)


class TestLimits:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(
            update={"write_limit": "2/minute", "anonymous_limit": "2/minute"}
        )

    async def test_each_account_and_route_is_counted_for_itself(
        self, ada: Person, grace: Person
    ) -> None:
        post = await ada.post_text("One")
        await ada.post_text("Two")
        await ada.expect(429, "POST", "/posts", json={"text": "Three"})
        await ada.expect(200, "PUT", f"/posts/{post['id']}/like")
        await grace.post_text("One")

    async def test_what_needs_no_token_is_counted_by_address(
        self, app: FastAPI, client: httpx.AsyncClient
    ) -> None:
        body = {"refreshToken": "nothing"}
        for status in (401, 401, 429):
            response = await client.post(f"{SESSIONS}/refresh", json=body)
            assert_error(response, status)


async def test_a_suspended_account_cannot_log_in(ada: Person, join: Join) -> None:
    moderator = await join("moderator_1", moderator=True)
    report = await moderator.expect(201, "POST", "/profiles/ada/reports", json={"reason": "spam"})
    decision = {"decision": "suspend_account"}
    await moderator.expect(200, "PATCH", f"/moderation/reports/{report['id']}", json=decision)
    await ada.expect(401, "GET", "/users/me")
    assert_error(await log_in(ada, ada.email, PASSWORD), 403)
    assert_error(await log_in(ada, ada.email, GUESS), 401)
