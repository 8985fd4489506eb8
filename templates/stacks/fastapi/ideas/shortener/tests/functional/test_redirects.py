"""Short URLs over HTTP."""

from datetime import timedelta

import httpx
import pytest
import time_machine
from fastapi import FastAPI

from app.clock import now
from app.redirects import qr_codes
from app.settings import Settings
from tests.errors import assert_error
from tests.helpers import LINKS, TARGET, create_link, read_stats

REDIS_NOWHERE = "redis://127.0.0.1:1"


async def test_a_short_url_leads_to_the_long_one(
    client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    for _ in range(2):
        response = await client.get(f"/{link['shortCode']}")
        assert (response.status_code, response.headers["location"]) == (302, TARGET)
        assert response.headers["cache-control"] == "private, max-age=90"
        assert response.content == b""


async def test_head_is_answered_the_same_and_not_counted(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    response = await client.head(f"/{link['shortCode']}")
    assert (response.status_code, response.headers["location"]) == (302, TARGET)
    assert (await read_stats(app, owner, link))["accessCount"] == 0


@pytest.mark.parametrize("code", ["no-such-code", "ab", "x" * 33, "a.b", "a/b", "%00", "%E4"])
async def test_an_unknown_code_is_404(client: httpx.AsyncClient, code: str) -> None:
    for suffix in ("", ".png", ".svg"):
        assert_error(await client.get(f"/{code}{suffix}"), 404)


async def test_a_code_depends_on_case(client: httpx.AsyncClient, owner: httpx.AsyncClient) -> None:
    await create_link(owner, alias="sale")
    assert_error(await client.get("/SALE"), 404)


async def test_a_code_can_only_be_read(client: httpx.AsyncClient) -> None:
    response = await client.post("/no-such-code")
    assert_error(response, 405)
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_a_location_is_one_line_of_ascii(
    client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner, url="https://bücher.example/%0d%0aX: ä".replace(" ", "+"))
    response = await client.get(f"/{link['shortCode']}")
    assert response.headers["location"] == "https://xn--bcher-kva.example/%0d%0aX:+%C3%A4"
    new = {"url": "https://example.com/\r\nSet-Cookie: a=b"}
    assert_error(await owner.post(LINKS, json=new), 422)


async def test_the_documentation_is_not_a_code(client: httpx.AsyncClient) -> None:
    assert "swagger" in (await client.get("/docs")).text


class Redirects:
    """What holds wherever redirects are cached."""

    async def test_a_change_is_followed_at_once(
        self, client: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        link = await create_link(owner)
        await client.get(f"/{link['shortCode']}")
        await owner.patch(f"{LINKS}/{link['shortCode']}", json={"url": "https://example.com/2"})
        response = await client.get(f"/{link['shortCode']}")
        assert response.headers["location"] == "https://example.com/2"

    async def test_a_deleted_link_is_gone_at_once(
        self, client: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        link = await create_link(owner)
        await client.get(f"/{link['shortCode']}")
        await owner.delete(f"{LINKS}/{link['shortCode']}")
        for suffix in ("", ".png", ".svg"):
            assert_error(await client.get(f"/{link['shortCode']}{suffix}"), 410)

    async def test_an_expired_link_is_gone_and_can_come_back(
        self, client: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        link = await create_link(owner, expiresAt=(now() + timedelta(hours=1)).isoformat())
        assert (await client.get(f"/{link['shortCode']}")).status_code == 302
        with time_machine.travel(now() + timedelta(hours=1), tick=False):
            assert_error(await client.get(f"/{link['shortCode']}"), 410)
            await owner.patch(f"{LINKS}/{link['shortCode']}", json={"expiresAt": None})
            assert (await client.get(f"/{link['shortCode']}")).status_code == 302

    async def test_a_code_that_was_asked_for_too_early_works(
        self, client: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        assert_error(await client.get("/early"), 404)
        await create_link(owner, alias="early")
        assert (await client.get("/early")).status_code == 302

    async def test_a_cached_redirect_does_not_ask_the_database(
        self, app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        link = await create_link(owner)
        assert (await client.get(f"/{link['shortCode']}")).status_code == 302
        assert_error(await client.get("/no-such-code"), 404)
        await app.state.database.close()
        app.state.database.session.configure(bind=None)
        assert (await client.get(f"/{link['shortCode']}")).status_code == 302
        assert_error(await client.get("/no-such-code"), 404)


class TestInThisProcess(Redirects):
    """Redirects with the cache inside of the process."""


class TestInRedis(Redirects):
    """Redirects with the cache in Redis."""

    @pytest.fixture
    def settings(self, settings: Settings, redis_url: str) -> Settings:
        return settings.model_copy(update={"redis_url": redis_url})


class TestWithoutRedis:
    """Redirects while Redis is down."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"redis_url": REDIS_NOWHERE})

    async def test_redirects_go_on(
        self, client: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        link = await create_link(owner)
        for _ in range(3):
            assert (await client.get(f"/{link['shortCode']}")).status_code == 302
        await owner.patch(f"{LINKS}/{link['shortCode']}", json={"url": "https://example.com/2"})
        response = await client.get(f"/{link['shortCode']}")
        assert response.headers["location"] == "https://example.com/2"


async def test_a_qr_code_is_a_picture_of_the_short_url(
    client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    png = await client.get(f"/{link['shortCode']}.png")
    svg = await client.get(f"/{link['shortCode']}.svg")
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG\r\n")
    assert png.content == qr_codes.png(link["shortUrl"]) != qr_codes.png(link["url"])
    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.content == qr_codes.svg(link["shortUrl"]) != qr_codes.svg(link["url"])
    assert png.headers["cache-control"] == svg.headers["cache-control"] == "private, max-age=90"


async def test_a_qr_code_does_not_count(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    await client.get(f"/{link['shortCode']}.svg")
    assert (await read_stats(app, owner, link))["accessCount"] == 0
