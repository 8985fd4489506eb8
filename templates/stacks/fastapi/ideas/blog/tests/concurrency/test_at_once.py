"""Several clients at the same time."""

import asyncio
from collections import Counter

import httpx

from tests.blog import Person, list_of, log_in, messages, new_article, new_user, publish, register


async def test_of_many_who_register_one_name_one_succeeds(client: httpx.AsyncClient) -> None:
    bodies = [new_user("ada", email=f"ada{number}@example.com") for number in range(10)]
    responses = await asyncio.gather(*(client.post("/api/users", json=body) for body in bodies))
    assert Counter(response.status_code for response in responses) == {201: 1, 409: 9}
    refused = [messages(response) for response in responses if response.status_code == 409]
    assert refused == [{"username": ["has already been taken"]}] * 9


async def test_of_many_who_take_one_name_one_succeeds(client: httpx.AsyncClient) -> None:
    people = [await register(client, f"user{number}") for number in range(5)]
    responses = await asyncio.gather(
        *(
            client.put("/api/user", json={"user": {"username": "ada"}}, headers=person.headers)
            for person in people
        )
    )
    assert Counter(response.status_code for response in responses) == {200: 1, 409: 4}


async def test_articles_with_one_title_get_slugs_of_their_own(
    client: httpx.AsyncClient, ada: Person
) -> None:
    responses = await asyncio.gather(
        *(
            client.post("/api/articles", json=new_article("Same"), headers=ada.headers)
            for _ in range(20)
        )
    )
    assert {response.status_code for response in responses} == {201}
    assert len(set(await list_of(client))) == 20


async def test_articles_renamed_alike_get_slugs_of_their_own(
    client: httpx.AsyncClient, ada: Person
) -> None:
    for number in range(5):
        await publish(client, ada, f"n{number}", tagList=["tag"])
    change = {"article": {"title": "Same", "tagList": ["a", "b"]}}
    responses = await asyncio.gather(
        *(
            client.put(f"/api/articles/n{number}", json=change, headers=ada.headers)
            for number in range(5)
        )
    )
    assert [response.status_code for response in responses] == [200] * 5
    assert len({response.json()["article"]["slug"] for response in responses}) == 5


async def test_tags_set_at_the_same_time_are_those_of_one_request(
    client: httpx.AsyncClient, ada: Person
) -> None:
    await publish(client, ada, tagList=["old"])
    sets = [[f"{letter}{number}" for number in range(3)] + ["both"] for letter in "abcde"]
    responses = await asyncio.gather(
        *(
            client.put(
                "/api/articles/title", json={"article": {"tagList": tags}}, headers=ada.headers
            )
            for tags in sets
        )
    )
    assert {response.status_code for response in responses} == {200}
    stored = (await client.get("/api/articles/title")).json()["article"]["tagList"]
    assert stored in [sorted(tags) for tags in sets]


async def test_many_marks_at_once_are_one_mark(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    await publish(client, ada)
    url = "/api/articles/title/favorite"
    people = [ada, grace] * 10
    responses = await asyncio.gather(
        *(client.post(url, headers=person.headers) for person in people)
    )
    assert {response.status_code for response in responses} == {200}
    article = (await client.get("/api/articles/title", headers=ada.headers)).json()["article"]
    assert (article["favorited"], article["favoritesCount"]) == (True, 2)


async def test_following_many_times_at_once_is_following_once(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    url = "/api/profiles/grace/follow"
    responses = await asyncio.gather(*(client.post(url, headers=ada.headers) for _ in range(20)))
    assert {response.status_code for response in responses} == {200}
    await publish(client, grace)
    assert await list_of(client, ada, "/feed") == ["title"]
    await client.delete(url, headers=ada.headers)
    assert await list_of(client, ada, "/feed") == []


async def test_what_comes_while_an_article_is_deleted_is_done_or_not_found(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    for _ in range(5):
        await publish(client, ada)
        url = "/api/articles/title"
        comment = {"comment": {"body": "Text"}}
        responses = await asyncio.gather(
            client.post(f"{url}/comments", json=comment, headers=grace.headers),
            client.post(f"{url}/favorite", headers=grace.headers),
            client.delete(url, headers=ada.headers),
            client.delete(url, headers=ada.headers),
            client.put(url, json={"article": {"tagList": ["a"]}}, headers=ada.headers),
        )
        assert {response.status_code for response in responses} <= {200, 201, 204, 404}
        assert [response.status_code for response in responses].count(204) == 1


async def test_guesses_at_the_same_time_all_count(client: httpx.AsyncClient, ada: Person) -> None:
    responses = await asyncio.gather(
        *(log_in(client, ada.email, "a wrong password") for _ in range(20))
    )
    assert Counter(response.status_code for response in responses) == {401: 10, 429: 10}
