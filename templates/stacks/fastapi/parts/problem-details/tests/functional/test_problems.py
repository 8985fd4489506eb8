"""The bodies of errors."""

import httpx

MEDIA_TYPE = "application/problem+json"


async def test_an_error_is_a_problem(client: httpx.AsyncClient) -> None:
    response = await client.get("/nowhere")
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }


async def test_an_unhandled_error_is_a_problem(client: httpx.AsyncClient) -> None:
    response = await client.get("/probe/broken")
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json()["title"] == "Internal Server Error"


async def test_an_invalid_value_in_the_body_has_a_pointer(client: httpx.AsyncClient) -> None:
    response = await client.post("/probe", json={"displayName": "x", "a/b": 1})
    assert response.json()["errors"] == [
        {"pointer": "#/a~1b", "detail": "Extra inputs are not permitted"}
    ]


async def test_an_invalid_parameter_is_named(client: httpx.AsyncClient) -> None:
    response = await client.get("/probe", params={"limit": "x"})
    (error,) = response.json()["errors"]
    assert error["parameter"] == "limit"


async def test_an_error_may_have_members_of_its_own(client: httpx.AsyncClient) -> None:
    response = await client.get("/probe/conflict")
    assert (response.status_code, response.json()["other"]) == (409, "/probe/things/2")
