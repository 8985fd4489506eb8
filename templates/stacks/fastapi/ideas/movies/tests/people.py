"""Somebody who is signed in, and somebody who may change the catalogue."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import service
from app.auth.schemas import Credentials
from app.genres.models import Genre
from app.settings import Settings
from app.users.schemas import NewUser
from app.users.service import register, set_scopes
from tests.contract import Contract

API = "/api/v1"
# The id of nothing.
NOTHING = "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11"
GENRES = ("comedy", "crime", "drama")
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
            async with app.state.database.session() as session:
                token = await _token(session, app.state.settings, username, scopes)
            client.headers["Authorization"] = f"Bearer {token}"
            return client

        yield sign_in


async def _token(
    session: AsyncSession, settings: Settings, username: str | None, scopes: Collection[str]
) -> str:
    """Register somebody and return their token; tests/functional/test_users.py does it by HTTP."""
    user = NewUser(username=username or f"u{uuid4().hex[:20]}", password=PASSWORD)
    await register(session, user)
    await set_scopes(session, user.username, frozenset(scopes))
    credentials = Credentials(username=user.username, password=PASSWORD)
    return (await service.sign_in(session, settings, credentials)).token


@pytest.fixture
async def editor(app: FastAPI, sign_in: SignIn) -> httpx.AsyncClient:
    """A client who may change the catalogue; the genres drama, comedy and crime are there."""
    async with app.state.database.session() as session:
        session.add_all(Genre(slug=slug, name=slug.title()) for slug in GENRES)
        await session.commit()
    return await sign_in("movies:write")


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
