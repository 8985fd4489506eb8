"""Many clients at the same time."""

import asyncio
from random import Random

import httpx

from tests.people import API, SignIn, create_movie


async def test_the_rating_is_right_after_many_reviews_at_once(
    editor: httpx.AsyncClient, sign_in: SignIn
) -> None:
    movies = [await create_movie(editor, title=f"Film {number}") for number in range(2)]
    people = [await sign_in() for _ in range(5)]
    chance = Random(1)

    async def live(client: httpx.AsyncClient, movie: dict[str, str]) -> None:
        """Write, change and delete reviews of one movie, and end with one."""
        reviews = f"{API}/movies/{movie['id']}/reviews"
        for step in range(3):
            made = await client.post(reviews, json={"rating": chance.randint(1, 10)})
            assert made.status_code == 201
            url = made.headers["location"]
            changed = await client.patch(url, json={"rating": chance.randint(1, 10)})
            assert changed.status_code == 200
            if step < 2:
                assert (await client.delete(url)).status_code == 204

    await asyncio.gather(*(live(client, movie) for client in people for movie in movies))
    for movie in movies:
        url = f"{API}/movies/{movie['id']}"
        ratings = [
            review["rating"] for review in (await editor.get(f"{url}/reviews")).json()["items"]
        ]
        found = (await editor.get(url)).json()
        assert found["reviewCount"] == len(ratings) == len(people)
        assert found["rating"] == round(sum(ratings) / len(ratings), 2)


async def test_changes_of_one_review_at_once_are_counted_once(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    url = f"{API}/movies/{movie['id']}"
    review = (await viewer.post(f"{url}/reviews", json={"rating": 1})).headers["location"]
    await asyncio.gather(*(viewer.patch(review, json={"rating": n}) for n in range(1, 11)))
    rating = (await viewer.get(review)).json()["rating"]
    assert (await viewer.get(url)).json()["rating"] == rating


async def test_of_many_deletions_of_one_review_one_counts(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    url = f"{API}/movies/{movie['id']}"
    await editor.post(f"{url}/reviews", json={"rating": 8})
    review = (await viewer.post(f"{url}/reviews", json={"rating": 1})).headers["location"]
    answers = await asyncio.gather(*(viewer.delete(review) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [204, *[404] * 7]
    found = (await viewer.get(url)).json()
    assert (found["rating"], found["reviewCount"]) == (8, 1)


async def test_of_many_reviews_by_one_user_at_once_one_is_stored(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    url = f"{API}/movies/{movie['id']}"
    answers = await asyncio.gather(
        *(viewer.post(f"{url}/reviews", json={"rating": 7}) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    assert (await viewer.get(url)).json()["reviewCount"] == 1


async def test_of_many_who_saw_one_version_one_changes_it(editor: httpx.AsyncClient) -> None:
    movie = await create_movie(editor)
    url = f"{API}/movies/{movie['id']}"
    # All read it at once, so each has a connection to the database by then.
    (etag,) = {seen.headers["etag"] for seen in await asyncio.gather(*map(editor.get, [url] * 8))}
    headers = {"If-Match": etag}
    answers = await asyncio.gather(
        *(editor.patch(url, json={"year": 1900 + n}, headers=headers) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 7]


async def test_changes_of_different_fields_lose_nothing_not_even_for_the_search(
    editor: httpx.AsyncClient,
) -> None:
    for number in range(5):
        movie = await create_movie(editor, title="before", overview="before")
        url = f"{API}/movies/{movie['id']}"
        changes: list[dict[str, object]] = [
            {"title": f"title{number}"},
            {"overview": f"overview{number}"},
            {"genres": ["comedy"]},
            {"year": 2000},
        ]
        await asyncio.gather(*(editor.patch(url, json=change) for change in changes))
        words = f"title{number} overview{number}"
        page = (await editor.get(f"{API}/movies", params={"q": words})).json()
        assert [(found["id"], found["genres"], found["year"]) for found in page["items"]] == [
            (movie["id"], ["comedy"], 2000)
        ]


async def test_the_same_movie_is_put_on_a_watchlist_once(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    url = f"{API}/watchlist/{movie['id']}"
    answers = await asyncio.gather(*(viewer.put(url) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {204}
    assert (await viewer.get(f"{API}/watchlist")).json()["total"] == 1


async def test_of_many_who_register_one_name_one_succeeds(client: httpx.AsyncClient) -> None:
    account = {"username": "ada", "password": "the analytical engine"}
    answers = await asyncio.gather(*(client.post(f"{API}/users", json=account) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]


async def test_genres_of_one_slug_at_once(editor: httpx.AsyncClient) -> None:
    url = f"{API}/genres/film-noir"
    answers = await asyncio.gather(*(editor.put(url, json={"name": "Noir"}) for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert [answer.status_code for answer in answers].count(201) == 1
