"""The fixtures of every application and of the parts, and two people."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.blog import Person, register

pytest_plugins = ["tests.fixtures", "tests.passwords", "tests.redis"]


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> Person:
    return await register(client, "ada")


@pytest.fixture
async def grace(client: httpx.AsyncClient) -> Person:
    return await register(client, "grace")


@pytest.fixture
async def elsewhere(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client with another address."""
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
