"""What happens when the application itself is at fault."""

import httpx

from tests.errors import assert_error
from tests.logs import Log


async def test_an_unhandled_error_tells_the_client_nothing(client: httpx.AsyncClient) -> None:
    response = await client.get("/probe/broken")
    assert_error(response, 500, "Something went wrong on our side.")
    assert "hunter2" not in response.text


async def test_an_unhandled_error_is_logged_with_its_cause(
    client: httpx.AsyncClient, log: Log
) -> None:
    response = await client.get("/probe/broken")
    (error,) = [entry for entry in log.entries() if entry["level"] == "error"]
    assert error["request_id"] == response.headers["x-request-id"]
    assert "RuntimeError: the password is hunter2" in error["exception"]
    assert "tests/probe.py" in error["exception"].replace("\\", "/")


async def test_a_script_of_another_origin_can_read_an_error(client: httpx.AsyncClient) -> None:
    for path in ["/probe/broken", "/nowhere"]:
        response = await client.get(path, headers={"Origin": "https://app.example"})
        assert response.headers["access-control-allow-origin"] == "*"
