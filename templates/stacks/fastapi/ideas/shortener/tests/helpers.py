"""What many tests do."""

from typing import Any

import httpx
from fastapi import FastAPI

from app.statistics.counter import AccessCounter

LINKS = "/api/v1/links"
TOKENS = "/api/v1/tokens"
TARGET = "https://example.com/first"
SECRET = "the bootstrap secret of the tests"

Json = dict[str, Any]


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


async def create_token(client: httpx.AsyncClient, name: str = "Tests") -> str:
    """Create a token and return it."""
    response = await client.post(TOKENS, json={"name": name}, headers=bearer(SECRET))
    assert response.status_code == 201, response.text
    return str(response.json()["token"])


async def create_link(owner: httpx.AsyncClient, url: str = TARGET, **fields: Any) -> Json:
    """Create a link and return it."""
    response = await owner.post(LINKS, json={"url": url, **fields})
    assert response.status_code == 201, response.text
    link: Json = response.json()
    return link


def counter_of(app: FastAPI) -> AccessCounter:
    """Return what counts the application's accesses."""
    counter: AccessCounter = app.state.access_counter
    return counter


async def read_stats(app: FastAPI, owner: httpx.AsyncClient, link: Json, **query: str) -> Json:
    """Write what was counted, and return a link's figures."""
    await counter_of(app).flush()
    response = await owner.get(f"{LINKS}/{link['shortCode']}/stats", params=query)
    assert response.status_code == 200, response.text
    stats: Json = response.json()
    return stats
