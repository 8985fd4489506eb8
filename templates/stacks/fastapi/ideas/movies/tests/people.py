"""Somebody who is signed in, and somebody who may change the catalogue."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.users.service import set_scopes
from tests.contract import Contract

API = "/api/v1"
PASSWORD = "the analytical engine"
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def sign_in(app: FastAPI, contract: Contract) -> AsyncIterator[SignIn]:
    """Return a function that registers somebody and returns their client."""
    async with AsyncExitStack() as clients:

        async def sign_in(*scopes: str, username: str | None = None) -> httpx.AsyncClient:
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://test",
                event_hooks={"response": [contract.check]},
            )
            await clients.enter_async_context(client)
            account = {"username": username or f"u{uuid4().hex[:20]}", "password": PASSWORD}
            registered = await client.post(f"{API}/users", json=account)
            assert registered.status_code == 201, registered.text
            if scopes:
                async with app.state.database.session() as session:
                    await set_scopes(session, account["username"], frozenset(scopes))
            token = (await client.post(f"{API}/tokens", json=account)).json()["accessToken"]
            client.headers["Authorization"] = f"Bearer {token}"
            return client

        yield sign_in


@pytest.fixture
async def editor(sign_in: SignIn) -> httpx.AsyncClient:
    """A client who may change the catalogue; the genres drama, comedy and crime are there."""
    editor = await sign_in("movies:write")
    for slug in ("comedy", "crime", "drama"):
        await editor.put(f"{API}/genres/{slug}", json={"name": slug.title()})
    return editor


@pytest.fixture
async def viewer(sign_in: SignIn) -> httpx.AsyncClient:
    """A client who is signed in and may not change the catalogue."""
    return await sign_in()


async def create_movie(editor: httpx.AsyncClient, **fields: object) -> dict[str, Any]:
    """Create a movie through the API and return it."""
    new = {"title": "Metropolis", "year": 1927, "runtimeMinutes": 153, "genres": ["drama"]}
    response = await editor.post(f"{API}/movies", json={**new, **fields})
    assert response.status_code == 201, response.text
    movie: dict[str, Any] = response.json()
    return movie


async def create_person(editor: httpx.AsyncClient, name: str = "Fritz Lang") -> dict[str, Any]:
    """Create a person through the API and return them."""
    response = await editor.post(f"{API}/people", json={"name": name})
    assert response.status_code == 201, response.text
    person: dict[str, Any] = response.json()
    return person
