"""The fixtures of the tests: those of every application, and what a URL shortener needs."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.short_links.codes import is_reserved
from tests.contract import Contract
from tests.helpers import SECRET, bearer, create_token

pytest_plugins = ["tests.fixtures", "tests.redis"]


class OwnContract(Contract):
    """The contract without the paths which look like short codes and are none."""

    async def check(self, response: httpx.Response) -> None:
        first, _, _ = response.request.url.path[1:].partition("/")
        if first == "api" or not is_reserved(first.removesuffix(".json")):
            await super().check(response)


@pytest.fixture(scope="session")
def contract(contract: Contract) -> Contract:
    return OwnContract(contract.operations)


@pytest.fixture(scope="session")
def own_settings() -> dict[str, Any]:
    # Nothing is written by itself: a test that wants the figures flushes.
    return {"bootstrap_secret": SECRET, "flush_seconds": 3600}


@pytest.fixture
async def owner(app: FastAPI, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client that sends a token."""
    token = await create_token(client)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://test",
        headers=bearer(token),
        event_hooks=client.event_hooks,
    ) as owner:
        yield owner
