import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.users.models import User
from tests.errors import assert_error, invalid_names
from tests.people import PASSWORD, Join, Person

USERS, TOKENS = "/api/v1/users", "/api/v1/tokens"


async def test_the_display_name_is_at_first_the_name(client: httpx.AsyncClient) -> None:
    response = await client.post(USERS, json={"username": "ada", "password": PASSWORD})
    assert response.status_code == 201
    assert response.headers["Location"].endswith("/api/v1/users/me")
    assert response.json()["displayName"] == "ada"


async def test_a_name_is_taken_once(client: httpx.AsyncClient, ada: Person) -> None:
    response = await client.post(USERS, json={"username": ada.name, "password": PASSWORD})
    assert_error(response, 409)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "Ada Lovelace"),
        ("username", "ab"),
        ("username", "a" * 31),
        ("password", "1234567"),
        ("password", "x" * 129),
        ("password", 12345678),
        ("displayName", "  "),
        ("displayName", "x" * 51),
        ("displayName", "null\0"),
    ],
)
async def test_an_invalid_field_is_named(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    body = {"username": "ada", "password": PASSWORD, field: value}
    response = await client.post(USERS, json=body)
    assert_error(response, 422)
    assert invalid_names(response) == [field]


async def test_a_common_password_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post(USERS, json={"username": "ada", "password": "password1"})
    assert_error(response, 422)
    assert invalid_names(response) == ["password"]


async def test_a_password_is_stored_as_an_argon2id_hash(app: FastAPI, ada: Person) -> None:
    async with app.state.database.session() as session:
        stored = await session.scalar(select(User.password_hash).where(User.username == ada.name))
    assert stored.startswith("$argon2id$")


class TestLogIn:
    async def test_a_token_tells_who_one_is(self, ada: Person) -> None:
        response = await ada.client.get("/api/v1/users/me")
        assert response.json()["username"] == "ada"

    async def test_an_unknown_name_looks_like_a_wrong_password(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        wrong = await client.post(TOKENS, json={"username": ada.name, "password": "wrong"})
        unknown = await client.post(TOKENS, json={"username": "nobody", "password": "wrong"})
        assert_error(wrong, 401)
        assert unknown.json() == wrong.json()

    async def test_after_five_failures_even_the_right_password_waits(
        self, client: httpx.AsyncClient, ada: Person, join: Join
    ) -> None:
        for guess in range(5):
            answer = await client.post(
                TOKENS, json={"username": ada.name, "password": f"guess {guess}"}
            )
            assert_error(answer, 401)
        response = await client.post(TOKENS, json={"username": ada.name, "password": PASSWORD})
        assert_error(response, 429)
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        # Others are not concerned.
        assert (await join("grace")).name == "grace"

    async def test_registrations_from_one_address_are_limited(
        self, app: FastAPI, client: httpx.AsyncClient
    ) -> None:
        limit = int(app.state.settings.registration_limit.split("/")[0])
        statuses = {
            (
                await client.post(USERS, json={"username": f"u_{n}", "password": PASSWORD})
            ).status_code
            for n in range(limit)
        }
        assert statuses == {201}
        refused = await client.post(USERS, json={"username": "u_last", "password": PASSWORD})
        assert_error(refused, 429)
