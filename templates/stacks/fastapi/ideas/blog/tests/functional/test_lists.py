"""Lists of articles, the feed and the tags."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app.articles import service
from tests.blog import Person, list_of, messages, publish, register


async def test_the_newest_come_first_without_their_bodies(
    client: httpx.AsyncClient, ada: Person
) -> None:
    articles = [await publish(client, ada, title, tagList=["tag"]) for title in "abc"]
    answer = (await client.get("/api/articles")).json()
    for article in articles:
        del article["body"]
    assert answer == {"articles": articles[::-1], "articlesCount": 3}


async def test_limit_and_offset_cut_a_page_out(client: httpx.AsyncClient, ada: Person) -> None:
    for number in range(25):
        await publish(client, ada, f"n{number}")
    assert await list_of(client) == [f"n{number}" for number in range(24, 4, -1)]
    response = await client.get("/api/articles", params={"limit": 2, "offset": 3})
    assert [article["slug"] for article in response.json()["articles"]] == ["n21", "n20"]
    assert response.json()["articlesCount"] == 25
    for offset in (25, 2**31 - 1):
        response = await client.get("/api/articles", params={"offset": offset})
        assert response.json() == {"articles": [], "articlesCount": 25}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"author": "ada"}, ["a2", "a1"]),
        ({"author": "ADA"}, ["a2", "a1"]),
        ({"tag": "x"}, ["g1", "a1"]),
        ({"tag": "X"}, []),
        ({"favorited": "grace"}, ["a2"]),
        ({"author": "ada", "tag": "x"}, ["a1"]),
        ({"author": "ada", "favorited": "grace"}, ["a2"]),
        ({"author": "ada", "tag": "x", "favorited": "grace"}, []),
        ({"author": "nobody"}, []),
        ({"favorited": "nobody"}, []),
        ({"author": "", "tag": "", "favorited": ""}, ["g1", "a2", "a1"]),
        ({"colour": "red"}, ["g1", "a2", "a1"]),
    ],
)
async def test_filters_combine(
    client: httpx.AsyncClient, ada: Person, grace: Person, filters: Any, found: list[str]
) -> None:
    await publish(client, ada, "a1", tagList=["x", "y"])
    await publish(client, ada, "a2")
    await publish(client, grace, "g1", tagList=["x"])
    await client.post("/api/articles/a2/favorite", headers=grace.headers)
    assert await list_of(client, **filters) == found
    response = await client.get("/api/articles", params={**filters, "limit": 1})
    assert response.json()["articlesCount"] == len(found)


@pytest.mark.parametrize("text", ["' OR '1'='1", "%", "_", "x' --", "\\"])
@pytest.mark.parametrize("name", ["tag", "author", "favorited"])
async def test_filters_treat_their_text_as_text(
    client: httpx.AsyncClient, ada: Person, name: str, text: str
) -> None:
    await publish(client, ada, tagList=["x"])
    filters: dict[str, Any] = {name: text}
    assert await list_of(client, **filters) == []


@pytest.mark.parametrize("path", ["", "/feed"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "ten"),
        ("limit", "1.0"),
        ("limit", ""),
        ("limit", "9" * 5000),
        ("offset", "-1"),
        ("offset", str(2**31)),
        ("offset", "١"),
    ],
)
async def test_an_invalid_parameter_is_named(
    client: httpx.AsyncClient, ada: Person, path: str, name: str, value: str
) -> None:
    response = await client.get(f"/api/articles{path}", params={name: value}, headers=ada.headers)
    assert response.status_code == 422
    assert messages(response).keys() == {name}


@pytest.mark.parametrize("name", ["tag", "author", "favorited"])
@pytest.mark.parametrize("value", ["x" * 51, "\0"])
async def test_an_invalid_filter_is_named(client: httpx.AsyncClient, name: str, value: str) -> None:
    response = await client.get("/api/articles", params={name: value})
    assert response.status_code == 422
    assert messages(response).keys() == {name}


async def test_a_list_tells_what_the_viewer_likes(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    await publish(client, ada, "Hers")
    await client.post("/api/articles/hers/favorite", headers=grace.headers)
    await client.post("/api/profiles/ada/follow", headers=grace.headers)
    for viewer, likes in [(grace, True), (ada, False), (None, False)]:
        headers = viewer.headers if viewer else {}
        (article,) = (await client.get("/api/articles", headers=headers)).json()["articles"]
        assert (article["favorited"], article["author"]["following"]) == (likes, likes)
        assert article["favoritesCount"] == 1


class TestFeed:
    async def test_it_has_the_articles_of_those_one_follows(
        self, client: httpx.AsyncClient, ada: Person, grace: Person
    ) -> None:
        alan = await register(client, "alan")
        for number, author in enumerate([grace, alan, ada, grace]):
            await publish(client, author, f"n{number}")
        assert await list_of(client, ada, "/feed") == []
        await client.post("/api/profiles/grace/follow", headers=ada.headers)
        assert await list_of(client, ada, "/feed") == ["n3", "n0"]
        assert await list_of(client, ada, "/feed", limit=1, offset=1) == ["n0"]
        await client.post("/api/profiles/alan/follow", headers=ada.headers)
        response = await client.get("/api/articles/feed?limit=1", headers=ada.headers)
        assert response.json()["articlesCount"] == 3
        assert response.json()["articles"][0]["author"]["following"] is True
        await client.delete("/api/profiles/grace/follow", headers=ada.headers)
        assert await list_of(client, ada, "/feed") == ["n1"]


@contextmanager
def counted(app: FastAPI) -> Iterator[list[str]]:
    """Give the statements that the database is sent."""
    statements: list[str] = []
    engine = app.state.database.engine.sync_engine

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    yield statements
    event.remove(engine, "before_cursor_execute", count)


@pytest.mark.parametrize("path", ["/api/articles", "/api/articles/feed"])
async def test_a_list_takes_the_same_queries_whatever_its_length(
    app: FastAPI, client: httpx.AsyncClient, ada: Person, path: str
) -> None:
    authors = [await register(client, f"author{number}") for number in range(4)]
    for number in range(20):
        author = authors[number % 4]
        await publish(client, author, f"n{number}", tagList=["a", f"tag{number}"])
        await client.post(f"/api/articles/n{number}/favorite", headers=ada.headers)
        await client.post(f"/api/profiles/{author.username}/follow", headers=ada.headers)
    numbers = []
    for limit in (2, 19):
        with counted(app) as statements:
            response = await client.get(path, params={"limit": limit}, headers=ada.headers)
        assert len(response.json()["articles"]) == limit
        numbers.append(len(statements))
    # Who asks, the articles with their authors and counts, the tags, how many there are.
    assert numbers == [4, 4]


class TestTags:
    async def test_tags_in_use_are_listed_once_in_alphabetical_order(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        assert (await client.get("/api/tags")).json() == {"tags": []}
        await publish(client, ada, "One", tagList=["b", "a", "日本", "Z"])
        await publish(client, ada, "Two", tagList=["a", "ä"])
        assert (await client.get("/api/tags")).json() == {"tags": ["Z", "a", "b", "ä", "日本"]}

    async def test_the_most_used_are_listed_where_there_are_too_many(
        self, client: httpx.AsyncClient, ada: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service, "MAX_LISTED_TAGS", 2)
        await publish(client, ada, "One", tagList=["a", "b", "c"])
        await publish(client, ada, "Two", tagList=["c"])
        assert (await client.get("/api/tags")).json() == {"tags": ["a", "c"]}
