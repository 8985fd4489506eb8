"""Accounts over HTTP."""

from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.contacts.models import Contact, ContactEmail
from app.users.models import User
from tests.conftest import PASSWORD, NewClient
from tests.errors import assert_error, invalid_names

USERS, ME = "/api/v1/users", "/api/v1/users/me"


async def test_a_new_account_is_answered_without_its_password(client: httpx.AsyncClient) -> None:
    response = await client.post(USERS, json={"email": "Ada@Example.com", "password": PASSWORD})
    assert response.status_code == 201
    assert response.headers["location"] == f"http://test{ME}"
    user = response.json()
    assert user.keys() == {"id", "email", "createdAt"}
    assert user["email"] == "ada@example.com"
    assert datetime.fromisoformat(user["createdAt"]).utcoffset() == timedelta(0)
    answer = await client.get(ME, auth=("ADA@example.com", PASSWORD))
    assert answer.json() == user


async def test_the_password_is_stored_as_an_argon2id_hash(
    user: httpx.AsyncClient, app: FastAPI
) -> None:
    await user.get(ME)
    async with app.state.database.session() as session:
        stored = await session.scalar(select(User.password_hash))
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.parametrize("email", ["user1@example.com", "USER1@Example.COM"])
async def test_an_email_is_one_account(
    user: httpx.AsyncClient, client: httpx.AsyncClient, email: str
) -> None:
    response = await client.post(USERS, json={"email": email, "password": "another password"})
    assert_error(response, 409, "There is an account with this e-mail.")
    assert (await user.get(ME)).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", None),
        ("email", "ada"),
        ("email", "a" * 250 + "@example.com"),
        ("email", "ada@example.com\n"),
        ("email", "a:b@example.com"),
        ("password", 12345678),
        ("password", "7 chars"),
        ("password", "x" * 129),
        ("password", "null \0 character"),
        ("password", "password1"),
        ("password", "PASSWORD1"),
        ("admin", True),
    ],
)
async def test_an_invalid_field_is_named(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD, field: value}
    response = await client.post(USERS, json=body)
    assert response.status_code == 422
    assert invalid_names(response) == [field]


async def test_deleting_an_account_deletes_its_contacts(
    new_client: NewClient, app: FastAPI
) -> None:
    user, other = await new_client(), await new_client()
    for client in (user, other):
        contact = {"company": "x", "emails": [{"value": "a@example.com"}]}
        await client.post("/api/v1/contacts", json=contact)
    assert (await user.delete(ME)).status_code == 204
    assert_error(await user.get(ME), 401)
    assert (await other.get("/api/v1/contacts")).json()["total"] == 1
    async with app.state.database.session() as session:
        assert len((await session.scalars(select(Contact))).all()) == 1
        assert len((await session.scalars(select(ContactEmail))).all()) == 1


async def test_the_email_of_a_deleted_account_can_register_again(user: httpx.AsyncClient) -> None:
    await user.delete(ME)
    body = {"email": "user1@example.com", "password": PASSWORD}
    assert (await user.post(USERS, json=body)).status_code == 201
    assert (await user.get(ME)).status_code == 200
