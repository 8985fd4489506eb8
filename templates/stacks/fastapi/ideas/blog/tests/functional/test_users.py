"""Registering, and the user who is logged in."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.users.models import User
from tests.blog import PASSWORD, Person, log_in, messages, new_user, register

BLANK = ["can't be blank"]
TAKEN = ["has already been taken"]


async def change(client: httpx.AsyncClient, person: Person, **fields: Any) -> httpx.Response:
    return await client.put("/api/user", json={"user": fields}, headers=person.headers)


class TestRegister:
    async def test_a_new_user_is_logged_in(self, client: httpx.AsyncClient) -> None:
        response = await client.post("/api/users", json=new_user("ada"))
        assert response.status_code == 201
        assert response.headers["location"] == "http://test/api/profiles/ada"
        user = response.json()["user"]
        assert user == {
            "username": "ada",
            "email": "ada@example.com",
            "bio": None,
            "image": None,
            "token": user["token"],
        }
        headers = {"Authorization": f"Token {user['token']}"}
        assert (await client.get("/api/user", headers=headers)).json() == {"user": user}

    @pytest.mark.parametrize(
        "username", ["x", "x" * 50, "Zoë O'Hara", "紫式部", "a?b#c%2f\\", "👩‍💻"]
    )
    async def test_a_profile_is_found_where_location_says(
        self, client: httpx.AsyncClient, username: str
    ) -> None:
        body = new_user(username, email="somebody@example.com")
        response = await client.post("/api/users", json=body)
        profile = await client.get(response.headers["location"])
        assert profile.json()["profile"]["username"] == username

    @pytest.mark.parametrize("password", ["x" * 8, "x" * 64, "x" * 128, "🔑" * 8, " " * 8])
    async def test_a_password_has_8_to_128_characters(
        self, client: httpx.AsyncClient, password: str
    ) -> None:
        response = await client.post("/api/users", json=new_user(password=password))
        assert response.status_code == 201
        assert (await log_in(client, password=password)).status_code == 200

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("username", 1),
            ("username", "x" * 51),
            ("username", "a/b"),
            ("username", ".."),
            ("username", "two\nlines"),
            ("username", "a\0b"),
            ("email", "ada"),
            ("email", "a da@example.com"),
            ("email", "a@b@c"),
            ("email", "x" * 65 + "@example.com"),
            ("email", "ada@" + "x" * 190),
            ("password", "x" * 7),
            ("password", "x" * 129),
            ("password", "12345678\0"),
            ("password", 12345678),
            ("admin", True),
        ],
    )
    async def test_an_invalid_field_is_named(
        self, client: httpx.AsyncClient, field: str, value: object
    ) -> None:
        body = new_user()
        body["user"][field] = value
        response = await client.post("/api/users", json=body)
        assert response.status_code == 422
        assert messages(response).keys() == {field}

    @pytest.mark.parametrize("value", [None, ""])
    async def test_every_field_is_needed(self, client: httpx.AsyncClient, value: object) -> None:
        body = {"user": dict.fromkeys(["username", "email", "password"], value)}
        for response in [
            await client.post("/api/users", json=body),
            await client.post("/api/users", json={"user": {}}),
        ]:
            assert response.status_code == 422
            assert messages(response) == {"username": BLANK, "email": BLANK, "password": BLANK}

    @pytest.mark.parametrize("body", [{}, {"user": None}])
    async def test_the_user_has_to_be_wrapped(
        self, client: httpx.AsyncClient, body: object
    ) -> None:
        response = await client.post("/api/users", json=body)
        assert messages(response) == {"user": BLANK}

    @pytest.mark.parametrize(
        ("username", "email", "taken"),
        [
            ("ADA", "other@example.com", {"username": TAKEN}),
            ("ａｄａ", "other@example.com", {"username": TAKEN}),
            ("other", "Ada@Example.Com", {"email": TAKEN}),
            ("ada", "ada@example.com", {"username": TAKEN, "email": TAKEN}),
        ],
    )
    @pytest.mark.usefixtures("ada")
    async def test_what_is_taken_is_named(
        self, client: httpx.AsyncClient, username: str, email: str, taken: object
    ) -> None:
        response = await client.post("/api/users", json=new_user(username, email=email))
        assert response.status_code == 409
        assert messages(response) == taken

    async def test_two_people_can_have_taken_what_one_wants(
        self, client: httpx.AsyncClient, ada: Person, grace: Person
    ) -> None:
        response = await client.post("/api/users", json=new_user(ada.username, email=grace.email))
        assert messages(response) == {"username": TAKEN, "email": TAKEN}


async def test_a_password_is_stored_as_an_argon2id_hash(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    await register(client)
    async with app.state.database.session() as session:
        user = (await session.scalars(select(User))).one()
    assert user.password_hash.startswith("$argon2id$")
    stored = {getattr(user, column.name) for column in User.__table__.columns}
    assert not any(PASSWORD in str(value) for value in stored)


class TestChange:
    async def test_only_the_given_fields_change(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        user = (await change(client, ada, bio="I write.")).json()["user"]
        assert user == {
            "username": "ada",
            "email": "ada@example.com",
            "bio": "I write.",
            "image": None,
            "token": ada.token,
        }
        user = (await change(client, ada, image="https://example.com/a.jpg")).json()["user"]
        assert (user["bio"], user["image"]) == ("I write.", "https://example.com/a.jpg")
        assert (await client.get("/api/user", headers=ada.headers)).json()["user"] == user

    @pytest.mark.parametrize("nothing", [None, ""])
    async def test_bio_and_image_can_be_taken_away(
        self, client: httpx.AsyncClient, ada: Person, nothing: object
    ) -> None:
        await change(client, ada, bio="I write.", image="https://example.com/a.jpg")
        user = (await change(client, ada, bio=nothing, image=nothing)).json()["user"]
        assert (user["bio"], user["image"]) == (None, None)

    @pytest.mark.parametrize("value", [None, ""])
    @pytest.mark.parametrize("field", ["username", "email", "password"])
    async def test_the_other_fields_cannot(
        self, client: httpx.AsyncClient, ada: Person, field: str, value: object
    ) -> None:
        response = await change(client, ada, **{field: value})
        assert response.status_code == 422
        assert messages(response) == {field: BLANK}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("bio", "x" * 2001),
            ("bio", 1),
            ("image", "javascript:alert(1)"),
            ("image", "https://example.com/ two"),
            ("image", "/a.jpg"),
            ("password", "x" * 7),
            ("username", "a/b"),
            ("email", "ada"),
            ("id", 7),
            ("tokenVersion", 7),
        ],
    )
    async def test_an_invalid_field_is_named(
        self, client: httpx.AsyncClient, ada: Person, field: str, value: object
    ) -> None:
        response = await change(client, ada, **{field: value})
        assert response.status_code == 422
        assert messages(response).keys() == {field}

    async def test_a_user_can_be_sent_back_as_it_was_answered(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        user = (await client.get("/api/user", headers=ada.headers)).json()
        response = await client.put("/api/user", json=user, headers=ada.headers)
        assert response.json() == user

    async def test_nothing_changes_nothing(self, client: httpx.AsyncClient, ada: Person) -> None:
        before = await client.get("/api/user", headers=ada.headers)
        assert (await change(client, ada)).json() == before.json()

    async def test_a_new_name_is_found_and_the_old_one_is_free(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        await change(client, ada, username="Countess", email="countess@example.com")
        assert (await client.get("/api/profiles/countess")).status_code == 200
        assert (await client.get("/api/profiles/ada")).status_code == 404
        await register(client, "ada")

    async def test_what_others_have_is_taken(
        self, client: httpx.AsyncClient, ada: Person, grace: Person
    ) -> None:
        response = await change(client, ada, username="GRACE", email=grace.email)
        assert response.status_code == 409
        assert messages(response) == {"username": TAKEN, "email": TAKEN}
        assert (await change(client, ada, username="ADA")).json()["user"]["username"] == "ADA"


class TestPassword:
    async def test_a_new_password_ends_every_earlier_token(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        other = (await log_in(client)).json()["user"]["token"]
        user = (await change(client, ada, password="a new password")).json()["user"]
        for token, status in [(ada.token, 401), (other, 401), (user["token"], 200)]:
            headers = {"Authorization": f"Token {token}"}
            assert (await client.get("/api/user", headers=headers)).status_code == status
            assert (await client.get("/api/articles", headers=headers)).status_code == status

    async def test_only_the_new_password_is_accepted(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        await change(client, ada, password="a new password")
        assert (await log_in(client)).status_code == 401
        assert (await log_in(client, password="a new password")).status_code == 200

    async def test_other_changes_keep_the_token(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        await change(client, ada, username="countess", email="countess@example.com", bio="x")
        assert (await client.get("/api/user", headers=ada.headers)).status_code == 200
