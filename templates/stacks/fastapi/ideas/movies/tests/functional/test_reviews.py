"""Reviews, and what they make of a movie."""

import httpx
import pytest

from tests.errors import assert_error, invalid_names
from tests.people import API, SignIn, create_movie


async def rating(client: httpx.AsyncClient, movie: dict[str, str]) -> tuple[float | None, int]:
    """Return a movie's average and number of reviews."""
    found = (await client.get(f"{API}/movies/{movie['id']}")).json()
    return found["rating"], found["reviewCount"]


async def test_the_rating_follows_every_change(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient, sign_in: SignIn
) -> None:
    movie = await create_movie(editor)
    reviews = f"{API}/movies/{movie['id']}/reviews"
    assert await rating(editor, movie) == (None, 0)
    first = await editor.post(reviews, json={"rating": 10})
    assert await rating(editor, movie) == (10, 1)
    second = await viewer.post(reviews, json={"rating": 5, "text": "Too long."})
    await (await sign_in()).post(reviews, json={"rating": 5})
    assert await rating(editor, movie) == (6.67, 3)
    await editor.patch(first.headers["location"], json={"rating": 1, "text": "I was wrong."})
    assert await rating(editor, movie) == (3.67, 3)
    await viewer.patch(second.headers["location"], json={"text": "Still too long."})
    assert await rating(editor, movie) == (3.67, 3)
    await viewer.delete(second.headers["location"])
    assert await rating(editor, movie) == (3, 2)
    await editor.delete(first.headers["location"])
    assert await rating(editor, movie) == (5, 1)


async def test_a_review_tells_its_author(
    editor: httpx.AsyncClient, sign_in: SignIn, client: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    ada = await sign_in(username="ada")
    text = "<b>Good</b>\n🤖"
    response = await ada.post(
        f"{API}/movies/{movie['id']}/reviews", json={"rating": 9, "text": text}
    )
    assert response.status_code == 201
    review = response.json()
    assert (review["author"], review["rating"], review["text"]) == ("ada", 9, text)
    assert review["movieId"] == movie["id"]
    assert response.headers["location"] == f"http://test{API}/reviews/{review['id']}"
    assert (await client.get(response.headers["location"])).json() == review


async def test_the_newest_review_comes_first(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    reviews = f"{API}/movies/{movie['id']}/reviews"
    await editor.post(reviews, json={"rating": 1})
    await viewer.post(reviews, json={"rating": 2})
    page = (await viewer.get(reviews)).json()
    assert [review["rating"] for review in page["items"]] == [2, 1]
    page = (await viewer.get(reviews, params={"page": 2, "pageSize": 1})).json()
    assert ([review["rating"] for review in page["items"]], page["total"]) == ([1], 2)


async def test_a_user_reviews_a_movie_once(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    reviews = f"{API}/movies/{movie['id']}/reviews"
    await viewer.post(reviews, json={"rating": 1})
    assert_error(await viewer.post(reviews, json={"rating": 10}), 409)
    assert await rating(viewer, movie) == (1, 1)


async def test_only_its_author_may_change_or_delete_a_review(
    client: httpx.AsyncClient, editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    response = await viewer.post(f"{API}/movies/{movie['id']}/reviews", json={"rating": 1})
    url = response.headers["location"]
    for who, status in [(client, 401), (editor, 403)]:
        assert_error(await who.patch(url, json={"rating": 10}), status)
        assert_error(await who.delete(url), status)
    assert (await viewer.get(url)).json() == response.json()
    assert await rating(viewer, movie) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rating", 0),
        ("rating", 11),
        ("rating", 7.5),
        ("rating", "7"),
        ("rating", None),
        ("text", "x" * 5001),
        ("text", None),
        ("text", "a\0b"),
        ("author", "ada"),
    ],
)
async def test_an_invalid_field_is_named(
    editor: httpx.AsyncClient, field: str, value: object
) -> None:
    movie = await create_movie(editor)
    reviews = f"{API}/movies/{movie['id']}/reviews"
    response = await editor.post(reviews, json={"rating": 5, field: value})
    assert invalid_names(response) == [field]
    created = await editor.post(reviews, json={"rating": 5})
    response = await editor.patch(created.headers["location"], json={field: value})
    assert invalid_names(response) == [field]
    assert await rating(editor, movie) == (5, 1)


async def test_an_empty_object_changes_nothing(editor: httpx.AsyncClient) -> None:
    movie = await create_movie(editor)
    created = await editor.post(f"{API}/movies/{movie['id']}/reviews", json={"rating": 5})
    response = await editor.patch(created.headers["location"], json={})
    assert (response.status_code, response.json()) == (200, created.json())


class TestWatchlist:
    URL = f"{API}/watchlist"

    async def test_what_was_added_last_comes_first(
        self, editor: httpx.AsyncClient, viewer: httpx.AsyncClient
    ) -> None:
        movies = [await create_movie(editor, title=title) for title in ("one", "two")]
        for movie in [*movies, movies[0]]:
            response = await viewer.put(f"{self.URL}/{movie['id']}")
            assert (response.status_code, response.content) == (204, b"")
        page = (await viewer.get(self.URL)).json()
        assert [item["movie"] for item in page["items"]] == movies[::-1]
        assert page["total"] == 2

    async def test_nobody_else_sees_it(
        self, client: httpx.AsyncClient, editor: httpx.AsyncClient, viewer: httpx.AsyncClient
    ) -> None:
        movie = await create_movie(editor)
        await viewer.put(f"{self.URL}/{movie['id']}")
        assert (await editor.get(self.URL)).json()["items"] == []
        assert_error(await editor.delete(f"{self.URL}/{movie['id']}"), 404)
        for method, path in [
            ("GET", ""),
            ("PUT", f"/{movie['id']}"),
            ("DELETE", f"/{movie['id']}"),
        ]:
            assert_error(await client.request(method, self.URL + path), 401)
        assert (await viewer.get(self.URL)).json()["total"] == 1

    async def test_a_movie_is_taken_off_once(self, editor: httpx.AsyncClient) -> None:
        movie = await create_movie(editor)
        await editor.put(f"{self.URL}/{movie['id']}")
        assert (await editor.delete(f"{self.URL}/{movie['id']}")).status_code == 204
        assert_error(await editor.delete(f"{self.URL}/{movie['id']}"), 404)
        assert (await editor.get(self.URL)).json()["total"] == 0

    async def test_no_cache_keeps_it(self, viewer: httpx.AsyncClient) -> None:
        response = await viewer.get(self.URL)
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
