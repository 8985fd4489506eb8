"""Logging in and out, and the tokens of sessions."""

from datetime import timedelta

import httpx
import pytest
import time_machine

from app import passwords
from app.settings import Settings
from app.tokens import issue_token
from tests.errors import assert_error
from tests.people import API, PASSWORD, NewClient, NewPerson, Person, log_in


@pytest.fixture
async def ada(new_person: NewPerson) -> Person:
    return await new_person("Ada")


async def try_to_log_in(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await client.post(f"{API}/sessions", json={"email": email, "password": password})


class TestLogin:
    async def test_a_wrong_password_and_an_unknown_address_look_the_same(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        wrong = await try_to_log_in(client, ada.email, "a wrong guess")
        unknown = await try_to_log_in(client, "nobody@example.com", PASSWORD)
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.json() == unknown.json()

    async def test_an_unknown_address_costs_a_hash_too(
        self, client: httpx.AsyncClient, ada: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        verified = []
        verify = passwords.hasher.verify

        def counted(password: str, password_hash: str) -> bool:
            verified.append(password)
            return verify(password, password_hash)

        monkeypatch.setattr(passwords.hasher, "verify", counted)
        await try_to_log_in(client, ada.email, "one")
        await try_to_log_in(client, "nobody@example.com", "two")
        assert verified == ["one", "two"]

    async def test_after_five_failures_even_the_right_password_waits(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        for _ in range(5):
            assert (await try_to_log_in(client, ada.email, "wrong")).status_code == 401
        response = await try_to_log_in(client, ada.email.upper(), PASSWORD)
        assert response.status_code == 429
        assert 1 <= int(response.headers["Retry-After"]) <= 60

    @pytest.mark.parametrize("email", ["\0", "ä" * 254, "' OR 1=1 --"])
    async def test_any_text_is_only_an_unknown_address(
        self, client: httpx.AsyncClient, email: str
    ) -> None:
        assert (await try_to_log_in(client, email, PASSWORD)).status_code in {401, 422}


class TestToken:
    async def test_without_one_nobody_is_known(self, client: httpx.AsyncClient) -> None:
        response = await client.get(f"{API}/users/me")
        assert_error(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"

    async def test_it_is_over_after_a_quarter_of_an_hour(
        self, new_client: NewClient, ada: Person
    ) -> None:
        client = await new_client()
        session = await log_in(client, ada.email)
        assert session["expiresIn"] == 900
        with time_machine.travel(timedelta(seconds=901), tick=False):
            assert (await client.get(f"{API}/users/me")).status_code == 401
            refreshed = await client.post(
                f"{API}/sessions/refresh", json={"refreshToken": session["refreshToken"]}
            )
            client.headers["Authorization"] = f"Bearer {refreshed.json()['accessToken']}"
            assert (await client.get(f"{API}/users/me")).status_code == 200

    async def test_one_of_a_session_that_never_was_is_worthless(
        self, settings: Settings, client: httpx.AsyncClient, ada: Person
    ) -> None:
        token = issue_token(settings, ada.id, 0, sid=ada.id)
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get(f"{API}/users/me")).status_code == 401


class TestSessions:
    async def test_they_are_listed_without_tokens(self, new_client: NewClient, ada: Person) -> None:
        client = await new_client()
        client.headers["User-Agent"] = ""
        session = await log_in(client, ada.email)
        listed = (await client.get(f"{API}/sessions")).json()["items"]
        assert [(each["current"], each["userAgent"]) for each in listed] == [
            (True, None),
            (False, "tests"),
        ]
        assert session["refreshToken"] not in str(listed)

    async def test_one_ends_at_once(self, new_client: NewClient, ada: Person) -> None:
        client = await new_client()
        session = await log_in(client, ada.email)
        ended = await ada.ask("DELETE", f"/sessions/{session['id']}")
        assert ended.status_code == 204
        assert (await client.get(f"{API}/users/me")).status_code == 401
        again = await ada.ask("DELETE", f"/sessions/{session['id']}")
        assert_error(again, 404)

    async def test_another_persons_does_not_exist(self, new_person: NewPerson, ada: Person) -> None:
        alan = await new_person("Alan")
        (session,) = (await ada.read("/sessions"))["items"]
        assert (await alan.ask("DELETE", f"/sessions/{session['id']}")).status_code == 404
        assert (await ada.get("/users/me")).status_code == 200

    async def test_all_end_together(self, new_client: NewClient, ada: Person) -> None:
        client = await new_client()
        session = await log_in(client, ada.email)
        assert (await ada.ask("DELETE", "/sessions")).status_code == 204
        assert (await client.get(f"{API}/users/me")).status_code == 401
        refreshed = await client.post(
            f"{API}/sessions/refresh", json={"refreshToken": session["refreshToken"]}
        )
        assert refreshed.status_code == 401

    async def test_a_refresh_token_that_is_used_again_ends_the_session(
        self, new_client: NewClient, ada: Person
    ) -> None:
        client = await new_client()
        session = await log_in(client, ada.email)
        body = {"refreshToken": session["refreshToken"]}
        first = await client.post(f"{API}/sessions/refresh", json=body)
        assert first.status_code == 200
        assert (await client.post(f"{API}/sessions/refresh", json=body)).status_code == 401
        newest = {"refreshToken": first.json()["refreshToken"]}
        assert (await client.post(f"{API}/sessions/refresh", json=newest)).status_code == 401
