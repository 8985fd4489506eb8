"""Which web pages may call the application."""

import httpx
import pytest

from app.settings import Settings

ALLOWED, OTHER = "https://app.example", "https://evil.example"


async def test_every_origin_may_read_answers_by_default(client: httpx.AsyncClient) -> None:
    response = await client.get("/probe", headers={"Origin": OTHER})
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    exposed = response.headers["access-control-expose-headers"].split(", ")
    assert {"Location", "Retry-After", "X-Request-ID"} <= set(exposed)


async def test_a_preflight_request_is_answered(client: httpx.AsyncClient) -> None:
    response = await client.options(
        "/probe",
        headers={
            "Origin": OTHER,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert {"GET", "POST", "PATCH", "DELETE"} <= set(
        response.headers["access-control-allow-methods"].split(", ")
    )
    assert "Content-Type" in response.headers["access-control-allow-headers"].split(", ")
    assert "access-control-allow-credentials" not in response.headers


class TestWithConfiguredOrigins:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"cors_allowed_origins": (ALLOWED,)})

    @pytest.mark.parametrize("path", ["/probe", "/nowhere", "/probe/broken"])
    async def test_only_configured_origins_may_read_answers(
        self, client: httpx.AsyncClient, path: str
    ) -> None:
        allowed = await client.get(path, headers={"Origin": ALLOWED})
        assert allowed.headers["access-control-allow-origin"] == ALLOWED
        assert "Origin" in allowed.headers["vary"]
        other = await client.get(path, headers={"Origin": OTHER})
        assert "access-control-allow-origin" not in other.headers

    async def test_only_configured_origins_may_write(self, client: httpx.AsyncClient) -> None:
        for origin, allowed in [(ALLOWED, True), (OTHER, False)]:
            response = await client.options(
                "/probe", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
            )
            assert ("access-control-allow-origin" in response.headers) is allowed
