"""Writing and reading articles."""

import json
from typing import Any

import httpx
import pytest

from tests.blog import Json, Person, list_of, messages, new_article, publish

BLANK = ["can't be blank"]


async def change(
    client: httpx.AsyncClient, person: Person, slug: str, **fields: Any
) -> httpx.Response:
    body = {"article": fields}
    return await client.put(f"/api/articles/{slug}", json=body, headers=person.headers)


async def read(client: httpx.AsyncClient, slug: str) -> Json:
    article: Json = (await client.get(f"/api/articles/{slug}")).json()["article"]
    return article


class TestCreate:
    async def test_an_article_is_found_where_location_says(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        body = new_article("How to Train", tagList=["zebra", "ant"])
        response = await client.post("/api/articles", json=body, headers=ada.headers)
        assert response.status_code == 201
        assert response.headers["location"] == "http://test/api/articles/how-to-train"
        article = response.json()["article"]
        assert article == {
            "slug": "how-to-train",
            "title": "How to Train",
            "description": "About it",
            "body": "Text",
            "tagList": ["ant", "zebra"],
            "createdAt": article["createdAt"],
            "updatedAt": article["createdAt"],
            "favorited": False,
            "favoritesCount": 0,
            "author": {"username": "ada", "bio": None, "image": None, "following": False},
        }
        assert (await client.get(response.headers["location"])).json()["article"] == article

    async def test_tags_are_trimmed_once_and_in_alphabetical_order(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        article = await publish(client, ada, tagList=["b", " a ", "B", "a", "ä", "日本"])
        assert article["tagList"] == ["B", "a", "b", "ä", "日本"]
        assert (await read(client, article["slug"]))["tagList"] == article["tagList"]

    async def test_the_same_title_gets_another_slug(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        slugs = [(await publish(client, ada, "Same"))["slug"] for _ in range(3)]
        assert slugs[0] == "same"
        assert len(set(slugs)) == 3
        assert all(slug.startswith("same-") for slug in slugs[1:])

    async def test_an_article_called_feed_does_not_hide_the_feed(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        article = await publish(client, ada, "Feed")
        assert article["slug"].startswith("feed-")
        assert await list_of(client, ada, "/feed") == []
        assert await read(client, article["slug"]) == article

    async def test_what_only_the_service_decides_is_ignored(
        self, client: httpx.AsyncClient, ada: Person, grace: Person
    ) -> None:
        sent = await publish(client, grace, "Hers", tagList=["tag"])
        body = {"article": sent | {"favoritesCount": "many", "favorited": 1}}
        response = await client.post("/api/articles", json=body, headers=ada.headers)
        article = response.json()["article"]
        assert article["author"]["username"] == "ada"
        assert article["favoritesCount"] == 0
        assert article["slug"] != sent["slug"]

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "'; DROP TABLE articles; --",
            "{{ 7*7 }}",
            'a\\b"c%d_e\r\n🥛',
        ],
    )
    async def test_markup_and_sql_are_only_text(
        self, client: httpx.AsyncClient, ada: Person, text: str
    ) -> None:
        title = text.strip()
        article = await publish(client, ada, title, description=title, body=text, tagList=[title])
        found = await read(client, article["slug"])
        assert (found["title"], found["description"]) == (title, title)
        assert (found["body"], found["tagList"]) == (text, [title])
        assert await list_of(client, tag=title) == [article["slug"]]

    async def test_every_text_may_be_as_long_as_it_says(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        tags = [f"{number:02}".ljust(50, "🏷") for number in range(20)]
        texts = {"description": "🥛" * 500, "body": "🥛" * 50_000}
        article = await publish(client, ada, "🥛" * 200, tagList=tags, **texts)
        assert article["tagList"] == tags
        assert len(article["slug"]) <= 100


INVALID = [
    ("title", 1),
    ("title", "x" * 201),
    ("title", "a\0b"),
    ("title", "\ud800"),
    ("description", "x" * 501),
    ("description", ["x"]),
    ("body", "x" * 50_001),
    ("body", {}),
    ("body", "a\0b"),
    ("tagList", None),
    ("tagList", "tag"),
    ("tagList", {"tag": 1}),
    ("tagList", [1]),
    ("tagList", ["tag", None]),
    ("tagList", [" "]),
    ("tagList", ["x" * 51]),
    ("tagList", ["a\0b"]),
    ("tagList", [str(number) for number in range(21)]),
    ("pinned", True),
]


@pytest.mark.parametrize(("field", "value"), INVALID)
async def test_an_invalid_field_is_named(
    client: httpx.AsyncClient, ada: Person, field: str, value: object
) -> None:
    article = await publish(client, ada)
    body = new_article()
    body["article"][field] = value
    # By hand, because the test's own client would not send half a surrogate pair.
    content = json.dumps(body)
    headers = ada.headers | {"Content-Type": "application/json"}
    for method, path in [("POST", ""), ("PUT", "/title")]:
        response = await client.request(
            method, f"/api/articles{path}", content=content, headers=headers
        )
        assert response.status_code == 422
        assert messages(response).keys() == {field}
    assert await read(client, article["slug"]) == article
    assert await list_of(client) == [article["slug"]]


@pytest.mark.parametrize("value", [None, "", " \t\n\N{IDEOGRAPHIC SPACE}"])
async def test_title_description_and_body_are_needed(
    client: httpx.AsyncClient, ada: Person, value: object
) -> None:
    article = await publish(client, ada)
    fields = dict.fromkeys(["title", "description", "body"], value)
    response = await client.post("/api/articles", json={"article": fields}, headers=ada.headers)
    assert response.status_code == 422
    assert messages(response) == {"title": BLANK, "description": BLANK, "body": BLANK}
    response = await change(client, ada, article["slug"], **fields)
    assert messages(response) == {"title": BLANK, "description": BLANK, "body": BLANK}


class TestChange:
    async def test_a_new_text_keeps_slug_and_tags(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        article = await publish(client, ada, tagList=["tag"])
        changed = (await change(client, ada, article["slug"], body="New")).json()["article"]
        assert changed == article | {"body": "New", "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > article["updatedAt"]
        assert await read(client, article["slug"]) == changed

    async def test_a_new_title_makes_a_new_slug(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        article = await publish(client, ada, "Old")
        changed = (await change(client, ada, article["slug"], title="New")).json()["article"]
        assert (changed["slug"], changed["title"]) == ("new", "New")
        assert (await client.get("/api/articles/old")).status_code == 404
        assert await read(client, "new") == changed

    async def test_the_same_title_keeps_the_slug(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        await publish(client, ada, "Same")
        slug = (await publish(client, ada, "Same"))["slug"]
        response = await change(client, ada, slug, title="Same", body="New")
        assert response.json()["article"]["slug"] == slug

    async def test_a_title_that_another_article_has_gets_another_slug(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        await publish(client, ada, "Taken")
        slug = (await publish(client, ada, "Other", tagList=["tag"]))["slug"]
        changed = (await change(client, ada, slug, title="Taken", tagList=["a"])).json()["article"]
        assert changed["slug"].startswith("taken-")
        assert changed["tagList"] == ["a"]

    @pytest.mark.parametrize("tags", [[], ["new"], ["tag", "new"]])
    async def test_tags_are_replaced(
        self, client: httpx.AsyncClient, ada: Person, tags: list[str]
    ) -> None:
        slug = (await publish(client, ada, tagList=["tag", "old"]))["slug"]
        changed = (await change(client, ada, slug, tagList=tags)).json()["article"]
        assert changed["tagList"] == sorted(tags)
        assert (await client.get("/api/tags")).json() == {"tags": sorted(tags)}

    async def test_nothing_changes_nothing(self, client: httpx.AsyncClient, ada: Person) -> None:
        article = await publish(client, ada, tagList=["tag"])
        assert (await change(client, ada, article["slug"])).json()["article"] == article

    async def test_an_article_can_be_sent_back_as_it_was_answered(
        self, client: httpx.AsyncClient, ada: Person
    ) -> None:
        article = await publish(client, ada, tagList=["tag"])
        url = f"/api/articles/{article['slug']}"
        response = await client.put(url, json={"article": article}, headers=ada.headers)
        changed = response.json()["article"]
        assert changed == article | {"updatedAt": changed["updatedAt"]}


class TestDelete:
    async def test_a_deleted_article_is_gone_with_all_that_belongs_to_it(
        self, client: httpx.AsyncClient, ada: Person, grace: Person
    ) -> None:
        slug = (await publish(client, ada, tagList=["tag"]))["slug"]
        url = f"/api/articles/{slug}"
        await client.post(f"{url}/favorite", headers=grace.headers)
        comment = {"comment": {"body": "Text"}}
        await client.post(f"{url}/comments", json=comment, headers=grace.headers)
        assert (await client.delete(url, headers=ada.headers)).status_code == 204
        for gone in [url, f"{url}/html", f"{url}/comments"]:
            assert (await client.get(gone)).status_code == 404
        assert (await client.get("/api/tags")).json() == {"tags": []}
        assert await list_of(client, favorited="grace") == []


async def test_only_its_author_may_change_or_delete_an_article(
    client: httpx.AsyncClient, ada: Person, grace: Person
) -> None:
    article = await publish(client, ada)
    url = f"/api/articles/{article['slug']}"
    for response in [
        await change(client, grace, article["slug"], body="Mine"),
        await change(client, grace, article["slug"]),
        await client.delete(url, headers=grace.headers),
    ]:
        assert response.status_code == 403
        assert messages(response) == {"article": ["forbidden"]}
    assert await read(client, article["slug"]) == article


@pytest.mark.parametrize("slug", ["nothing", "%00", "x" * 5000, "%FF", "..%2f"])
async def test_an_unknown_slug_is_404(client: httpx.AsyncClient, ada: Person, slug: str) -> None:
    url = f"/api/articles/{slug}"
    for method, path in [
        ("GET", ""),
        ("GET", "/html"),
        ("GET", "/comments"),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/favorite"),
        ("DELETE", "/favorite"),
        ("DELETE", "/comments/1"),
    ]:
        body = {"article": {"body": "x"}} if method == "PUT" else None
        response = await client.request(method, url + path, json=body, headers=ada.headers)
        assert response.status_code == 404
        assert "not found" in messages(response).get("article", ["not found"])


async def test_the_feed_is_no_article(elsewhere: httpx.AsyncClient, ada: Person) -> None:
    response = await elsewhere.delete("/api/articles/feed", headers=ada.headers)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_markdown_is_answered_as_html(client: httpx.AsyncClient, ada: Person) -> None:
    article = await publish(client, ada, body="Some **text**\n\n<script>alert(1)</script>")
    response = await client.get(f"/api/articles/{article['slug']}/html")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert response.text.splitlines() == [
        "<p>Some <strong>text</strong></p>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    ]
