"""Logging in, and what a token is good for."""

import time
from datetime import UTC, datetime

import httpx
import pytest
import time_machine

from app.settings import Settings
from app.tokens import issue_token
from tests.blog import Person, log_in, messages, register


@pytest.mark.usefixtures("ada")
async def test_a_user_gets_a_token(client: httpx.AsyncClient) -> None:
    response = await log_in(client, email="ADA@example.com")
    user = response.json()["user"]
    assert (response.status_code, user["username"]) == (200, "ada")
    headers = {"Authorization": f"Token {user['token']}"}
    assert (await client.get("/api/user", headers=headers)).json()["user"] == user


@pytest.mark.usefixtures("ada")
async def test_an_unknown_user_looks_like_a_wrong_password(client: httpx.AsyncClient) -> None:
    wrong = await log_in(client, password="another password")
    unknown = await log_in(client, email="nobody@example.com")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert messages(wrong) == messages(unknown) == {"credentials": ["invalid"]}
    assert wrong.headers["www-authenticate"] == unknown.headers["www-authenticate"]


@pytest.mark.parametrize("value", [None, ""])
async def test_both_fields_are_needed(client: httpx.AsyncClient, value: str) -> None:
    response = await log_in(client, email=value, password=value)
    assert response.status_code == 422
    assert messages(response) == {"email": ["can't be blank"], "password": ["can't be blank"]}


@pytest.mark.parametrize("text", ["\0", "x" * 255])
async def test_what_cannot_be_a_credential_is_refused(client: httpx.AsyncClient, text: str) -> None:
    response = await log_in(client, email=text, password=text)
    assert response.status_code == 422
    assert messages(response).keys() == {"email", "password"}


class TestLimit:
    async def fail(self, client: httpx.AsyncClient, times: int) -> list[int]:
        attempts = [await log_in(client, password="a wrong password") for _ in range(times)]
        return [attempt.status_code for attempt in attempts]

    @pytest.mark.usefixtures("ada")
    async def test_after_ten_failed_attempts_even_the_right_password_waits(
        self, client: httpx.AsyncClient
    ) -> None:
        assert await self.fail(client, 11) == [401] * 10 + [429]
        response = await log_in(client, email="Ada@Example.com")
        assert response.status_code == 429
        assert messages(response).keys() == {"credentials"}
        assert 0 < int(response.headers["retry-after"]) <= 15 * 60

    @pytest.mark.usefixtures("ada")
    async def test_it_may_be_tried_again_after_that_time(self, client: httpx.AsyncClient) -> None:
        with time_machine.travel(time.time(), tick=False) as clock:
            await self.fail(client, 11)
            wait = int((await log_in(client)).headers["retry-after"])
            clock.shift(wait + 1)
            assert (await log_in(client)).status_code == 200

    @pytest.mark.usefixtures("ada")
    async def test_a_login_that_succeeds_sets_the_count_back(
        self, client: httpx.AsyncClient
    ) -> None:
        for _ in range(2):
            assert await self.fail(client, 9) == [401] * 9
            assert (await log_in(client)).status_code == 200

    @pytest.mark.usefixtures("ada")
    async def test_others_are_not_limited(self, client: httpx.AsyncClient) -> None:
        grace = await register(client, "grace")
        await self.fail(client, 11)
        assert (await log_in(client, email=grace.email)).status_code == 200

    @pytest.mark.usefixtures("ada")
    async def test_other_addresses_are_not_limited(
        self, client: httpx.AsyncClient, elsewhere: httpx.AsyncClient
    ) -> None:
        await self.fail(client, 11)
        assert (await log_in(elsewhere)).status_code == 200

    async def test_accounts_that_do_not_exist_are_limited_too(
        self, client: httpx.AsyncClient
    ) -> None:
        assert await self.fail(client, 11) == [401] * 10 + [429]


@pytest.mark.parametrize(
    "value",
    [
        "Token",
        "Token ",
        "Token x.y.z",
        "Token {token}x",
        "Token {token} more",
        "{token}",
        "Basic {token}",
        "Token undefined",
        "Token \xfc",
    ],
)
async def test_anything_but_a_valid_token_is_refused(
    client: httpx.AsyncClient, ada: Person, value: str
) -> None:
    headers = {b"Authorization": value.replace("{token}", ada.token).encode("latin-1")}
    for path in ["/api/user", "/api/articles", "/api/profiles/ada"]:
        response = await client.get(path, headers=headers)
        assert response.status_code == 401
        assert messages(response) == {"token": ["is invalid"]}


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "token", "BEARER"])
async def test_a_token_has_two_schemes(client: httpx.AsyncClient, ada: Person, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {ada.token}"}
    assert (await client.get("/api/user", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/user"),
        ("PUT", "/api/user"),
        ("POST", "/api/articles"),
        ("GET", "/api/articles/feed"),
        ("PUT", "/api/articles/nothing"),
        ("DELETE", "/api/articles/nothing"),
        ("POST", "/api/articles/nothing/favorite"),
        ("DELETE", "/api/articles/nothing/favorite"),
        ("POST", "/api/articles/nothing/comments"),
        ("DELETE", "/api/articles/nothing/comments/1"),
        ("POST", "/api/profiles/nobody/follow"),
        ("DELETE", "/api/profiles/nobody/follow"),
    ],
)
async def test_authentication_comes_before_everything_else(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await client.request(method, path, json={"article": {"title": ""}})
    assert response.status_code == 401
    assert messages(response) == {"token": ["is missing"]}
    assert response.headers["www-authenticate"] == "Token"


async def test_a_token_expires(client: httpx.AsyncClient, settings: Settings) -> None:
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False) as clock:
        ada = await register(client)
        clock.shift(settings.access_token_seconds - 1)
        assert (await client.get("/api/user", headers=ada.headers)).status_code == 200
        clock.shift(1)
        response = await client.get("/api/user", headers=ada.headers)
    assert messages(response) == {"token": ["is invalid"]}


async def test_a_token_of_nobody_is_refused(client: httpx.AsyncClient, settings: Settings) -> None:
    headers = {"Authorization": f"Token {issue_token(settings, '2147483647', 1)}"}
    assert (await client.get("/api/user", headers=headers)).status_code == 401
