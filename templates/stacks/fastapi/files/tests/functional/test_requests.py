"""How the application takes requests, whatever the route."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.settings import Settings
from tests.errors import assert_error, invalid_names

LIMIT = 100_000
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_body_bytes": LIMIT})


async def test_a_valid_body_is_accepted(client: httpx.AsyncClient) -> None:
    response = await client.post("/probe", json={"displayName": "x", "amount": 2})
    assert response.json() == "2 x x"


async def test_a_number_without_a_fraction_is_an_integer(client: httpx.AsyncClient) -> None:
    response = await client.post("/probe", json={"displayName": "x", "amount": 2.0})
    assert response.json() == "2 x x"


def body_of(size: int) -> bytes:
    """Return a valid body with this many bytes."""
    return b'{"displayName": "' + b"x" * (size - 19) + b'"}'


async def chunks(body: bytes) -> AsyncIterator[bytes]:
    """Send the body in pieces, so that its length is not declared."""
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


async def test_a_body_over_the_limit_is_413(client: httpx.AsyncClient) -> None:
    response = await client.post("/probe", content=body_of(LIMIT), headers=JSON)
    assert response.status_code == 200
    response = await client.post("/probe", content=body_of(LIMIT + 1), headers=JSON)
    assert_error(response, 413, "The body may have at most 100000 bytes.")


async def test_a_chunked_body_over_the_limit_is_413(client: httpx.AsyncClient) -> None:
    response = await client.post("/probe", content=chunks(body_of(LIMIT)), headers=JSON)
    assert response.status_code == 200
    response = await client.post("/probe", content=chunks(body_of(LIMIT + 1)), headers=JSON)
    assert_error(response, 413)


async def test_a_route_may_have_a_limit_of_its_own(client: httpx.AsyncClient) -> None:
    full, over = b"x" * 1_000_000, b"x" * 1_000_001
    for body in (full, chunks(full)):
        assert (await client.put("/probe/files/1", content=body)).json() == 1_000_000
    for body in (over, chunks(over)):
        response = await client.put("/probe/files/1", content=body)
        assert_error(response, 413, "The body may have at most 1000000 bytes.")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"displayName": "x"',
        b"not json",
        b'{"displayName": "\xff"}',
        b"[" * LIMIT,
    ],
)
async def test_malformed_json_is_400(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/probe", content=body, headers=JSON)
    assert_error(response, 400, "The body is not valid JSON.")


async def test_very_deep_json_is_refused(client: httpx.AsyncClient) -> None:
    depth = LIMIT // 3
    body = b'{"displayName": ' + b"[" * depth + b"]" * depth + b"}"
    response = await client.post("/probe", content=body, headers=JSON)
    # How deep the parser goes depends on the version of Python.
    assert_error(response, 400 if response.status_code == 400 else 422)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_is_not_json_is_415(client: httpx.AsyncClient, media_type: str) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    response = await client.post("/probe", content=b'{"displayName": "x"}', headers=headers)
    assert_error(response, 415, "Send the body as application/json.")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
async def test_json_has_more_than_one_spelling(client: httpx.AsyncClient, media_type: str) -> None:
    response = await client.post(
        "/probe", content=b'{"displayName": "x"}', headers={"Content-Type": media_type}
    )
    assert response.status_code == 200


async def test_an_unknown_field_is_422(client: httpx.AsyncClient) -> None:
    response = await client.post("/probe", json={"displayName": "x", "isAdmin": True})
    assert_error(response, 422)
    assert invalid_names(response) == ["isAdmin"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", ""),
        (b"[]", ""),
        (b"null", ""),
        (b"{}", "displayName"),
        (b'{"display_name": "x"}', "displayName"),
        (b'{"displayName": 1}', "displayName"),
        (b'{"displayName": "\\ud800"}', "displayName"),
        (b'{"displayName": "\\u0000"}', "displayName"),
        (b'{"displayName": "x", "amount": "1"}', "amount"),
        (b'{"displayName": "x", "amount": 1.5}', "amount"),
        (b'{"displayName": "x", "amount": true}', "amount"),
        (b'{"displayName": "x", "amount": NaN}', "amount"),
        (b'{"displayName": "x", "\\ud800": 1}', ""),
    ],
)
async def test_an_invalid_value_is_422_and_named(
    client: httpx.AsyncClient, body: bytes, name: str
) -> None:
    response = await client.post("/probe", content=body, headers=JSON)
    assert_error(response, 422)
    assert name in invalid_names(response)


async def test_an_unknown_path_is_404(client: httpx.AsyncClient) -> None:
    assert_error(await client.get("/nowhere"), 404, "There is nothing at this address.")


async def test_a_slash_at_the_end_is_another_path(client: httpx.AsyncClient) -> None:
    assert_error(await client.get("/probe/"), 404)


async def test_a_malformed_id_is_404(client: httpx.AsyncClient) -> None:
    assert_error(await client.get("/probe/things/1"), 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "BREW"])
async def test_another_method_is_405_and_told_the_right_ones(
    client: httpx.AsyncClient, method: str
) -> None:
    response = await client.request(method, "/probe")
    assert_error(response, 405)
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32-le"])
async def test_json_in_another_encoding_than_utf_8_is_400(
    client: httpx.AsyncClient, encoding: str
) -> None:
    response = await client.post(
        "/probe",
        content='{"name": "x"}'.encode(encoding),
        headers={"Content-Type": "application/json"},
    )
    assert_error(response, 400, "The body is not valid JSON.")


async def test_options_tells_the_methods(client: httpx.AsyncClient) -> None:
    response = await client.options("/probe")
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert_error(await client.options("/nowhere/at/all"), 404)


async def test_head_is_get_without_the_body(client: httpx.AsyncClient) -> None:
    head, get = await client.head("/probe"), await client.get("/probe")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
