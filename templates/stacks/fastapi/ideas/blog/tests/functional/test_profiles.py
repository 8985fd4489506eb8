"""Seeing others, and following them."""

import httpx
import pytest

from tests.blog import Person, messages


async def profile(
    client: httpx.AsyncClient, method: str, path: str, person: Person | None = None
) -> dict[str, object]:
    headers = person.headers if person else {}
    response = await client.request(method, f"/api/profiles/{path}", headers=headers)
    assert response.status_code == 200, response.text
    found: dict[str, object] = response.json()["profile"]
    return found


@pytest.mark.usefixtures("ada")
async def test_a_profile_tells_nothing_private(client: httpx.AsyncClient) -> None:
    expected = {"username": "ada", "bio": None, "image": None, "following": False}
    assert await profile(client, "GET", "ada") == expected
    assert await profile(client, "GET", "ADA") == expected


async def test_following_is_seen_by_the_follower_only(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    assert (await profile(client, "POST", "grace/follow", ada))["following"] is True
    assert (await profile(client, "GET", "grace", ada))["following"] is True
    assert (await profile(client, "GET", "grace"))["following"] is False
    assert (await profile(client, "GET", "ada", grace))["following"] is False


@pytest.mark.usefixtures("grace")
async def test_following_twice_is_following_once(client: httpx.AsyncClient, ada: Person) -> None:
    for _ in range(2):
        assert (await profile(client, "POST", "grace/follow", ada))["following"] is True
    for _ in range(2):
        assert (await profile(client, "DELETE", "grace/follow", ada))["following"] is False
    assert (await profile(client, "GET", "grace", ada))["following"] is False


async def test_one_may_follow_oneself(client: httpx.AsyncClient, ada: Person) -> None:
    assert (await profile(client, "POST", "ada/follow", ada))["following"] is True


@pytest.mark.parametrize("name", ["nobody", "%00", "x" * 5000, "%FF", "ad%"])
async def test_an_unknown_name_is_404(client: httpx.AsyncClient, ada: Person, name: str) -> None:
    for method, path in [("GET", ""), ("POST", "/follow"), ("DELETE", "/follow")]:
        url = f"/api/profiles/{name}{path}"
        response = await client.request(method, url, headers=ada.headers)
        assert response.status_code == 404
        assert messages(response) == {"profile": ["not found"]}
