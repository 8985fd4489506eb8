"""Sessions, registration, login and logout over HTTP."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import WebSession
from app.auth.service import delete_ended_sessions
from app.carts.models import Cart
from app.settings import Settings
from tests.shop import (
    API,
    PASSWORD,
    MakeProduct,
    NewClient,
    as_json,
    begin_session,
    cart_of,
    log_in,
    put_in_cart,
    register,
)


async def attempt(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await client.post(f"{API}/login", json={"email": email, "password": password})


async def who_knows(client: httpx.AsyncClient, new_client: NewClient) -> httpx.AsyncClient:
    """Return another client that knows a client's session."""
    thief = await new_client()
    thief.cookies = client.cookies
    thief.headers["x-csrf-token"] = client.headers["x-csrf-token"]
    return thief


class TestSession:
    async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
        self, client: httpx.AsyncClient
    ) -> None:
        cookie = (await client.get(f"{API}/csrf")).headers["set-cookie"]
        assert "; HttpOnly" in cookie
        assert "; SameSite=lax" in cookie
        assert "; Max-Age=604800" in cookie
        assert "Secure" not in cookie

    async def test_the_database_does_not_know_the_id(
        self, visitor: httpx.AsyncClient, session: AsyncSession
    ) -> None:
        stored = await session.scalar(select(WebSession.id))
        assert stored is not None
        assert visitor.cookies["session"] not in stored

    async def test_a_session_keeps_its_token(self, visitor: httpx.AsyncClient) -> None:
        response = await visitor.get(f"{API}/csrf")
        assert response.json()["csrfToken"] == visitor.headers["x-csrf-token"]
        assert "set-cookie" not in response.headers

    async def test_an_invented_id_is_no_session(self, client: httpx.AsyncClient) -> None:
        client.cookies.set("session", "invented", domain="test.local")
        response = await client.get(f"{API}/csrf")
        assert "session=" in response.headers["set-cookie"]
        assert "invented" not in response.headers["set-cookie"]

    @pytest.mark.parametrize(
        ("column", "age", "alive"),
        [
            ("last_used_at", timedelta(hours=23), True),
            ("last_used_at", timedelta(hours=25), False),
            ("created_at", timedelta(days=6), True),
            ("created_at", timedelta(days=8), False),
        ],
    )
    async def test_a_session_ends_when_it_is_idle_or_old(
        self,
        customer: httpx.AsyncClient,
        session: AsyncSession,
        column: str,
        age: timedelta,
        alive: bool,
    ) -> None:
        await make_older(session, column, age)
        assert (await customer.get(f"{API}/me")).status_code == (200 if alive else 401)
        response = await customer.delete(f"{API}/cart")
        assert response.status_code == (204 if alive else 403)

    async def test_using_a_session_keeps_it_alive(
        self, customer: httpx.AsyncClient, session: AsyncSession
    ) -> None:
        for _ in range(3):
            await make_older(session, "last_used_at", timedelta(hours=23))
            assert (await customer.get(f"{API}/me")).status_code == 200

    async def test_ended_sessions_are_deleted_with_their_carts(
        self,
        visitor: httpx.AsyncClient,
        new_client: NewClient,
        session: AsyncSession,
        settings: Settings,
    ) -> None:
        await visitor.get(f"{API}/cart")
        await make_older(session, "last_used_at", timedelta(days=2))
        other = await new_client()
        await delete_ended_sessions(session, settings)
        await session.commit()
        assert await session.scalar(select(func.count()).select_from(WebSession)) == 1
        assert await session.scalar(select(func.count()).select_from(Cart)) == 1
        assert (await other.delete(f"{API}/cart")).status_code == 204


class TestInProduction:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"environment": "production"})

    async def test_the_cookie_travels_only_encrypted(self, client: httpx.AsyncClient) -> None:
        assert "; Secure" in (await client.get(f"{API}/csrf")).headers["set-cookie"]


async def make_older(session: AsyncSession, column: str, age: timedelta) -> None:
    """Make the moments in a column of all sessions earlier."""
    for stored in await session.scalars(select(WebSession)):
        earlier = getattr(stored, column) - age
        await session.execute(
            update(WebSession).where(WebSession.id == stored.id).values({column: earlier})
        )
    await session.commit()
    session.expire_all()


class TestCsrf:
    @pytest.mark.parametrize("token", [None, "", "0" * 64, "ü"])
    async def test_an_unsafe_request_needs_the_token(
        self, visitor: httpx.AsyncClient, token: str | None
    ) -> None:
        del visitor.headers["x-csrf-token"]
        headers = {} if token is None else {b"X-CSRF-Token": token.encode()}
        response = await visitor.delete(f"{API}/cart", headers=headers)
        assert response.status_code == 403
        assert "X-CSRF-Token" in response.json()["detail"]

    async def test_the_token_of_another_session_is_none(
        self, visitor: httpx.AsyncClient, new_client: NewClient
    ) -> None:
        visitor.headers["x-csrf-token"] = (await new_client()).headers["x-csrf-token"]
        assert (await visitor.delete(f"{API}/cart")).status_code == 403

    async def test_a_token_without_a_session_is_none(self, visitor: httpx.AsyncClient) -> None:
        visitor.cookies.clear()
        assert (await visitor.delete(f"{API}/cart")).status_code == 403

    async def test_no_route_forgets_it(self, app: FastAPI, client: httpx.AsyncClient) -> None:
        unsafe = [
            (method.upper(), path.replace("{id}", "x").replace("{slug}", "x"))
            for path, operations in app.openapi()["paths"].items()
            for method in operations
            if method != "get"
        ]
        assert len(unsafe) > 10
        for method, path in unsafe:
            assert (await client.request(method, path)).status_code == 403, (method, path)


class TestRegister:
    async def test_an_account_is_made_and_can_be_used(self, visitor: httpx.AsyncClient) -> None:
        new = {"email": "Ada@Example.com", "name": "Ada", "password": PASSWORD}
        response = await visitor.post(f"{API}/users", json=new)
        user = response.json()
        assert response.status_code == 201
        assert (user["email"], user["role"]) == ("ada@example.com", "customer")
        assert "password" not in response.text
        await log_in(visitor, "ADA@example.com")
        assert (await visitor.get(response.headers["location"])).json() == user

    async def test_an_address_has_one_account(self, visitor: httpx.AsyncClient) -> None:
        await register(visitor, email="ada@example.com")
        new = {"email": "ADA@example.com", "name": "Eve", "password": PASSWORD}
        assert (await visitor.post(f"{API}/users", json=new)).status_code == 409

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "ada"),
            ("email", "ada@example"),
            ("email", "a b@example.com"),
            ("email", "ada@-example.com"),
            ("email", "ada@example.com\n"),
            ("email", f"{'a' * 250}@b.cc"),
            ("name", ""),
            ("name", "x" * 101),
            ("name", "a\0b"),
            ("name", "\ud800"),
            ("password", "too short"),
            ("password", "x" * 129),
            ("password", "1234567890"),
            ("password", 1234567890),
            ("role", "staff"),
        ],
    )
    async def test_an_invalid_field_is_named(
        self, visitor: httpx.AsyncClient, field: str, value: Any
    ) -> None:
        new = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD, field: value}
        response = await visitor.post(f"{API}/users", **as_json(new))
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{field}"]


class TestLogin:
    async def test_the_session_is_replaced(
        self, visitor: httpx.AsyncClient, new_client: NewClient
    ) -> None:
        email = await register(visitor)
        thief = await who_knows(visitor, new_client)
        cookie, token = visitor.cookies["session"], visitor.headers["x-csrf-token"]
        await log_in(visitor, email)
        assert visitor.cookies["session"] != cookie
        assert visitor.headers["x-csrf-token"] != token
        assert (await visitor.delete(f"{API}/cart")).status_code == 204
        assert (await thief.delete(f"{API}/cart")).status_code == 403

    @pytest.mark.parametrize("known", [True, False])
    async def test_a_wrong_password_and_an_unknown_address_look_the_same(
        self, visitor: httpx.AsyncClient, known: bool
    ) -> None:
        email = await register(visitor)
        response = await attempt(visitor, email if known else "nobody@example.com", "wrong")
        assert response.status_code == 401
        assert response.json()["detail"] == "The address or the password is wrong."
        assert response.headers["www-authenticate"] == 'Cookie realm="shop"'
        assert (await visitor.get(f"{API}/me")).status_code == 401

    async def test_guessing_is_slowed_down(
        self, visitor: httpx.AsyncClient, new_client: NewClient
    ) -> None:
        email = await register(visitor)
        for _ in range(10):
            assert (await attempt(visitor, email, "wrong")).status_code == 401
        response = await attempt(await new_client(), email, PASSWORD)
        assert response.status_code == 429
        assert int(response.headers["retry-after"]) > 60
        other = await register(await new_client())
        assert (await attempt(await new_client(), other, PASSWORD)).status_code == 200

    async def test_nobody_is_told_who_they_are(self, visitor: httpx.AsyncClient) -> None:
        assert (await visitor.get(f"{API}/me")).status_code == 401


class TestLogout:
    async def test_the_session_ends(
        self, customer: httpx.AsyncClient, new_client: NewClient
    ) -> None:
        thief = await who_knows(customer, new_client)
        assert (await thief.get(f"{API}/me")).status_code == 200
        response = await customer.post(f"{API}/logout")
        assert response.status_code == 204
        assert "session" not in customer.cookies
        assert (await thief.get(f"{API}/me")).status_code == 401

    async def test_the_cart_waits_for_the_next_login(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        email = await register(visitor)
        await log_in(visitor, email)
        await put_in_cart(visitor, await make_product())
        await visitor.post(f"{API}/logout")
        await begin_session(visitor)
        assert (await cart_of(visitor))["items"] == []
        await log_in(visitor, email)
        assert len((await cart_of(visitor))["items"]) == 1
