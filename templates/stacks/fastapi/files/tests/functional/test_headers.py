"""What every answer tells browsers and caches."""

import httpx
import pytest

from app.main import create_app
from app.settings import Settings


@pytest.mark.parametrize("path", ["/probe", "/nowhere", "/probe/broken", "/openapi.json"])
async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


async def test_the_page_for_people_may_load_what_it_needs(client: httpx.AsyncClient) -> None:
    response = await client.get("/docs")
    assert "swagger-ui" in response.text
    assert "https://cdn.jsdelivr.net" in response.headers["content-security-policy"]


async def test_production_has_no_page_for_people(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"environment": "production"}))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as client:
        assert (await client.get("/docs")).status_code == 404
        assert (await client.get("/openapi.json")).status_code == 200
