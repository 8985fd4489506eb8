"""Who gets in with HTTP Basic."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app import passwords
from app.auth import service
from app.users.models import User
from tests.conftest import PASSWORD, NewClient
from tests.errors import assert_error

ME = "/api/v1/users/me"
WRONG = ("user1@example.com", "wrong password")
LOG_IN = "Log in with the e-mail and the password of an account."


@pytest.fixture
def verifications(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The hashes that passwords are verified with from now on; None for no account."""
    hashes: list[str | None] = []

    async def verify(password: str, password_hash: str | None) -> bool:
        hashes.append(password_hash)
        return await passwords.verify_password(password, password_hash)

    monkeypatch.setattr(service, "verify_password", verify)
    return hashes


async def test_without_credentials_nobody_gets_in(client: httpx.AsyncClient) -> None:
    for path in [ME, "/api/v1/contacts", "/api/v1/contacts/export"]:
        response = await client.get(path)
        assert_error(response, 401, LOG_IN)
        expected = 'Basic realm="Contact List", charset="UTF-8"'
        assert response.headers["www-authenticate"] == expected


@pytest.mark.parametrize(
    "header", ["Bearer abc", "Basic", "Basic ???", "Basic dXNlcjFAZXhhbXBsZS5jb20=", "nonsense"]
)
async def test_other_headers_let_nobody_in(client: httpx.AsyncClient, header: str) -> None:
    assert_error(await client.get(ME, headers={"Authorization": header}), 401, LOG_IN)


async def test_an_unknown_account_costs_what_a_wrong_password_costs(
    user: httpx.AsyncClient, verifications: list[str | None]
) -> None:
    wrong = await user.get(ME, auth=WRONG)
    unknown = await user.get(ME, auth=("nobody@example.com", "wrong password"))
    assert_error(wrong, 401, LOG_IN)
    assert wrong.json() == unknown.json()
    known_hash, no_hash = verifications
    assert known_hash is not None
    assert no_hash is None


class TestFailures:
    async def test_after_five_even_the_right_password_waits(self, user: httpx.AsyncClient) -> None:
        for _ in range(5):
            assert_error(await user.get(ME, auth=WRONG), 401)
        for auth in [WRONG, ("user1@example.com", PASSWORD)]:
            response = await user.get(ME, auth=auth)
            assert_error(response, 429)
            assert 1 <= int(response.headers["retry-after"]) <= 60

    async def test_who_is_verified_already_is_not_locked_out(self, user: httpx.AsyncClient) -> None:
        assert (await user.get(ME)).status_code == 200
        for _ in range(6):
            await user.get(ME, auth=WRONG)
        assert (await user.get(ME)).status_code == 200
        assert_error(await user.get(ME, auth=WRONG), 429)

    async def test_another_account_is_not_touched(self, new_client: NewClient) -> None:
        user, other = await new_client(), await new_client()
        for _ in range(6):
            await user.get(ME, auth=WRONG)
        assert (await other.get(ME)).status_code == 200

    async def test_an_account_that_does_not_exist_is_limited_too(
        self, client: httpx.AsyncClient
    ) -> None:
        auth = ("nobody@example.com", "wrong password")
        statuses = [(await client.get(ME, auth=auth)).status_code for _ in range(6)]
        assert statuses == [401] * 5 + [429]

    async def test_guesses_at_the_same_time_get_no_further(self, user: httpx.AsyncClient) -> None:
        guesses = [("user1@example.com", f"guess {number}") for number in range(20)]
        responses = await asyncio.gather(*(user.get(ME, auth=guess) for guess in guesses))
        statuses = sorted(response.status_code for response in responses)
        assert statuses == [401] * 5 + [429] * 15


class TestRemembered:
    async def test_a_password_is_verified_once(
        self, user: httpx.AsyncClient, verifications: list[str | None]
    ) -> None:
        for _ in range(3):
            assert (await user.get(ME)).status_code == 200
        assert len(verifications) == 1

    async def test_requests_at_the_same_time_verify_it_once(
        self, user: httpx.AsyncClient, verifications: list[str | None]
    ) -> None:
        responses = await asyncio.gather(*(user.get(ME) for _ in range(20)))
        assert {response.status_code for response in responses} == {200}
        assert len(verifications) == 1

    async def test_a_wrong_password_is_never_remembered(
        self, user: httpx.AsyncClient, verifications: list[str | None]
    ) -> None:
        await user.get(ME)
        for _ in range(2):
            assert_error(await user.get(ME, auth=WRONG), 401)
        assert len(verifications) == 3

    async def test_a_changed_password_counts_at_once(
        self, user: httpx.AsyncClient, app: FastAPI
    ) -> None:
        assert (await user.get(ME)).status_code == 200
        values: dict[str, Any] = {"password_hash": await passwords.hash_password("a new password")}
        # As another process would do it.
        async with app.state.database.session() as session:
            await session.execute(update(User).values(values))
            await session.commit()
        assert_error(await user.get(ME), 401)
        auth = ("user1@example.com", "a new password")
        assert (await user.get(ME, auth=auth)).status_code == 200

    async def test_a_deleted_account_is_gone_at_once(self, user: httpx.AsyncClient) -> None:
        assert (await user.get(ME)).status_code == 200
        await user.delete(ME)
        assert_error(await user.get(ME), 401)
