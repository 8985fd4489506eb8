"""Marking articles."""

import httpx

from tests.blog import Json, Person, publish


async def mark(client: httpx.AsyncClient, method: str, person: Person) -> Json:
    response = await client.request(method, "/api/articles/title/favorite", headers=person.headers)
    assert response.status_code == 200
    article: Json = response.json()["article"]
    return article


async def test_marking_twice_is_marking_once(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    article = await publish(client, ada)
    for _ in range(2):
        marked = await mark(client, "POST", grace)
        assert marked == article | {"favorited": True, "favoritesCount": 1}
    for _ in range(2):
        assert await mark(client, "DELETE", grace) == article


async def test_everybody_has_their_own_favorites(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    await publish(client, ada)
    assert (await mark(client, "POST", ada))["favoritesCount"] == 1
    assert (await mark(client, "POST", grace))["favoritesCount"] == 2
    after = await mark(client, "DELETE", ada)
    assert (after["favorited"], after["favoritesCount"]) == (False, 1)
    anonymous = (await client.get("/api/articles/title")).json()["article"]
    assert (anonymous["favorited"], anonymous["favoritesCount"]) == (False, 1)
