"""What the application logs, and under which id."""

import re

import httpx
import pytest

from app.settings import Settings
from tests.logs import Log


async def test_each_request_is_one_structured_line(client: httpx.AsyncClient, log: Log) -> None:
    await client.get("/probe?q=private")
    (entry,) = log.entries()
    assert (
        entry.items()
        >= {
            "event": "request",
            "level": "info",
            "method": "GET",
            "path": "/probe",
            "status": 200,
            "client": "127.0.0.1",
        }.items()
    )
    assert entry["duration_ms"] >= 0
    assert entry["timestamp"].endswith("Z")


@pytest.mark.parametrize("given", ["a", "order-66_v1.0", "x" * 64])
async def test_a_request_id_is_taken_over_answered_and_logged(
    client: httpx.AsyncClient, log: Log, given: str
) -> None:
    response = await client.get("/probe", headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == given
    assert [entry["request_id"] for entry in log.entries()] == [given]


@pytest.mark.parametrize("given", [b"", b"x" * 65, b"a b", b"a\tb", b'"}', "ü".encode()])
async def test_a_malformed_request_id_is_replaced(client: httpx.AsyncClient, given: bytes) -> None:
    response = await client.get("/probe", headers={b"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f-]{36}", response.headers["x-request-id"])


async def test_each_request_without_an_id_gets_its_own(client: httpx.AsyncClient) -> None:
    ids = {(await client.get("/probe")).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


class TestForgery:
    @pytest.fixture(params=["json", "console"])
    def settings(self, settings: Settings, request: pytest.FixtureRequest) -> Settings:
        return settings.model_copy(update={"log_format": request.param})

    async def test_a_request_cannot_forge_a_log_line(
        self, client: httpx.AsyncClient, log: Log
    ) -> None:
        await client.get("/%0Aforged%1B[31m")
        (line,) = log.getvalue().splitlines()
        assert "forged" in line
        assert "\x1b" not in line
