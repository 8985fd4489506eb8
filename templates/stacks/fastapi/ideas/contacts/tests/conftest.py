"""The fixtures of every application, those of the parts, and people who log in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count

import httpx
import pytest
from fastapi import FastAPI

from tests.contract import Contract

pytest_plugins = ["tests.fixtures", "tests.passwords", "tests.redis"]

PASSWORD = "a long way to the moon"

NewClient = Callable[[], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def new_client(app: FastAPI, contract: Contract) -> AsyncIterator[NewClient]:
    """Return a function that registers somebody and returns a client which logs in as them."""
    numbers = count(1)
    async with AsyncExitStack() as clients:

        async def new() -> httpx.AsyncClient:
            email = f"user{next(numbers)}@example.com"
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://test",
                auth=(email, PASSWORD),
                event_hooks={"response": [contract.check]},
            )
            await clients.enter_async_context(client)
            response = await client.post(
                "/api/v1/users", json={"email": email, "password": PASSWORD}
            )
            assert response.status_code == 201, response.text
            return client

        yield new


@pytest.fixture
async def user(new_client: NewClient) -> httpx.AsyncClient:
    """A client of somebody who has registered."""
    return await new_client()


@pytest.fixture
async def stranger(new_client: NewClient) -> httpx.AsyncClient:
    """A client of somebody else."""
    return await new_client()
