"""Commenting on articles."""

from typing import Any

import httpx
import pytest

from tests.blog import Json, Person, messages, publish

COMMENTS = "/api/articles/title/comments"


async def comment(client: httpx.AsyncClient, person: Person, body: str = "Text") -> Json:
    response = await client.post(COMMENTS, json={"comment": {"body": body}}, headers=person.headers)
    assert response.status_code == 201, response.text
    made: Json = response.json()["comment"]
    assert response.headers["location"] == f"http://test{COMMENTS}/{made['id']}"
    return made


@pytest.fixture(autouse=True)
async def article(client: httpx.AsyncClient, ada: Person) -> Json:
    return await publish(client, ada)


async def test_the_newest_come_first(client: httpx.AsyncClient, ada: Person, grace: Person) -> None:
    first = await comment(client, ada, "First")
    second = await comment(client, grace, " Second, as\nwritten ")
    assert second == {
        "id": second["id"],
        "body": " Second, as\nwritten ",
        "createdAt": second["createdAt"],
        "updatedAt": second["createdAt"],
        "author": {"username": "grace", "bio": None, "image": None, "following": False},
    }
    assert (await client.get(COMMENTS)).json() == {"comments": [second, first]}


async def test_the_list_tells_whom_the_viewer_follows(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    await comment(client, grace)
    await client.post("/api/profiles/grace/follow", headers=ada.headers)
    for headers, following in [(ada.headers, True), (grace.headers, False), ({}, False)]:
        (found,) = (await client.get(COMMENTS, headers=headers)).json()["comments"]
        assert found["author"]["following"] is following


async def test_only_its_author_may_delete_a_comment(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    url = f"{COMMENTS}/{(await comment(client, grace))['id']}"
    response = await client.delete(url, headers=ada.headers)
    assert response.status_code == 403
    assert messages(response) == {"comment": ["forbidden"]}
    assert (await client.delete(url, headers=grace.headers)).status_code == 204
    assert (await client.get(COMMENTS)).json() == {"comments": []}
    assert (await client.delete(url, headers=grace.headers)).status_code == 404


async def test_a_number_is_not_given_twice(client: httpx.AsyncClient, ada: Person) -> None:
    first = (await comment(client, ada))["id"]
    await client.delete(f"{COMMENTS}/{first}", headers=ada.headers)
    assert (await comment(client, ada))["id"] > first


async def test_a_comment_belongs_to_its_article(client: httpx.AsyncClient, ada: Person) -> None:
    await publish(client, ada, "Other")
    number = (await comment(client, ada))["id"]
    url = f"/api/articles/other/comments/{number}"
    response = await client.delete(url, headers=ada.headers)
    assert messages(response) == {"comment": ["not found"]}


@pytest.mark.parametrize(
    "number", ["0", "-1", "2147483647", "2147483648", "9" * 5000, "first", "1.0", "%00", "١"]
)
async def test_an_unknown_number_is_404(
    client: httpx.AsyncClient, ada: Person, number: str
) -> None:
    response = await client.delete(f"{COMMENTS}/{number}", headers=ada.headers)
    assert response.status_code == 404
    assert messages(response) == {"comment": ["not found"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "comment"),
        ({"comment": None}, "comment"),
        ({"comment": []}, "comment"),
        ({"comment": {}}, "body"),
        ({"comment": {"body": None}}, "body"),
        ({"comment": {"body": ""}}, "body"),
        ({"comment": {"body": "\n"}}, "body"),
        ({"comment": {"body": 1}}, "body"),
        ({"comment": {"body": "a\0b"}}, "body"),
        ({"comment": {"body": "x" * 5001}}, "body"),
        ({"comment": {"body": "x", "id": 1}}, "id"),
    ],
)
async def test_an_invalid_field_is_named(
    client: httpx.AsyncClient, ada: Person, body: Any, field: str
) -> None:
    response = await client.post(COMMENTS, json=body, headers=ada.headers)
    assert response.status_code == 422
    assert messages(response).keys() == {field}


async def test_a_comment_may_be_as_long_as_it_says(client: httpx.AsyncClient, ada: Person) -> None:
    assert (await comment(client, ada, "🥛" * 5000))["body"] == "🥛" * 5000
