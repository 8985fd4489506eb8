"""The to-do list over HTTP."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.settings import Settings

TODOS = "/api/v1/todos"
Json = dict[str, Any]


async def create(client: httpx.AsyncClient, **fields: Any) -> Json:
    """Create a todo and return it."""
    response = await client.post(TODOS, json={"title": "Buy milk", **fields})
    assert response.status_code == 201, response.text
    todo: Json = response.json()
    return todo


async def titles(client: httpx.AsyncClient, **query: str | int) -> list[str]:
    """Return the titles of a list."""
    response = await client.get(TODOS, params=query)
    assert response.status_code == 200, response.text
    return [todo["title"] for todo in response.json()]


class TestCreate:
    async def test_a_new_todo_is_answered_and_kept(self, client: httpx.AsyncClient) -> None:
        response = await client.post(TODOS, json={"title": "Buy milk"})
        todo = response.json()
        assert response.status_code == 201
        assert response.headers["location"] == todo["url"] == f"http://test{TODOS}/{todo['id']}"
        assert todo["title"] == "Buy milk"
        assert todo["completed"] is False
        assert todo["order"] is None
        assert todo["createdAt"] == todo["updatedAt"]
        assert datetime.fromisoformat(todo["createdAt"]).utcoffset() == timedelta(0)
        assert (await client.get(todo["url"])).json() == todo

    async def test_every_field_can_be_given(self, client: httpx.AsyncClient) -> None:
        todo = await create(client, title="Done", completed=True, order=-3)
        assert (todo["title"], todo["completed"], todo["order"]) == ("Done", True, -3)

    @pytest.mark.parametrize(
        ("given", "stored"),
        [
            ("  Buy milk\n", "Buy milk"),
            ("\N{NO-BREAK SPACE}牛乳 🥛\N{IDEOGRAPHIC SPACE}", "牛乳 🥛"),
            ("x" * 200, "x" * 200),
            (" " + "🥛" * 200 + " ", "🥛" * 200),
        ],
    )
    async def test_a_title_is_trimmed(
        self, client: httpx.AsyncClient, given: str, stored: str
    ) -> None:
        assert (await create(client, title=given))["title"] == stored

    @pytest.mark.parametrize(
        "title",
        ["<script>alert(1)</script>", "'; DROP TABLE todos; --", "{{ 7*7 }}", 'a\\b"c%d_e'],
    )
    async def test_markup_and_sql_in_a_title_are_only_text(
        self, client: httpx.AsyncClient, title: str
    ) -> None:
        todo = await create(client, title=title)
        assert (await client.get(todo["url"])).json()["title"] == title
        assert await titles(client, q=title) == [title]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("title", ""),
        ("title", " \t\N{IDEOGRAPHIC SPACE}"),
        ("title", "x" * 201),
        ("title", 1),
        ("title", ["Buy milk"]),
        ("title", "a\0b"),
        ("completed", None),
        ("completed", "true"),
        ("completed", 1),
        ("order", "1"),
        ("order", 1.5),
        ("order", True),
        ("order", 2**31),
        ("order", -(2**31) - 1),
        ("order", 10**400),
        ("order", 1e300),
        ("colour", "red"),
        ("id", str(uuid4())),
    ],
)
async def test_an_invalid_field_is_named(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    todo = await create(client)
    for response in [
        await client.post(TODOS, json={"title": "Buy milk", field: value}),
        await client.patch(todo["url"], json={field: value}),
    ]:
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{field}"]
    assert (await client.get(TODOS)).json() == [todo]


class TestChange:
    @pytest.mark.parametrize(
        ("field", "value"), [("title", "Buy bread"), ("completed", True), ("order", 7)]
    )
    async def test_only_the_given_field_changes(
        self, client: httpx.AsyncClient, field: str, value: object
    ) -> None:
        todo = await create(client, order=1)
        changed = (await client.patch(todo["url"], json={field: value})).json()
        assert changed == {**todo, field: value, "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > todo["updatedAt"]
        assert (await client.get(todo["url"])).json() == changed

    async def test_null_takes_the_order_away(self, client: httpx.AsyncClient) -> None:
        todo = await create(client, order=1)
        assert (await client.patch(todo["url"], json={"order": None})).json()["order"] is None

    async def test_an_empty_object_changes_nothing(self, client: httpx.AsyncClient) -> None:
        todo = await create(client)
        response = await client.patch(todo["url"], json={})
        assert (response.status_code, response.json()) == (200, todo)

    async def test_a_new_title_is_found_and_the_old_one_is_not(
        self, client: httpx.AsyncClient
    ) -> None:
        todo = await create(client, title="Buy milk")
        await client.patch(todo["url"], json={"title": "Buy bread"})
        assert await titles(client, q="BREAD") == ["Buy bread"]
        assert await titles(client, q="milk") == []


class TestDelete:
    async def test_a_deleted_todo_is_gone(self, client: httpx.AsyncClient) -> None:
        todo, other = await create(client), await create(client)
        assert (await client.delete(todo["url"])).status_code == 204
        assert (await client.get(todo["url"])).status_code == 404
        assert (await client.get(TODOS)).json() == [other]

    async def test_the_whole_list_can_be_deleted(self, client: httpx.AsyncClient) -> None:
        await create(client)
        assert (await client.delete(TODOS)).status_code == 204
        assert (await client.get(TODOS)).json() == []


@pytest.mark.parametrize("todo_id", [str(uuid4()), "1", "not-a-uuid", "%00"])
async def test_an_unknown_id_is_404(client: httpx.AsyncClient, todo_id: str) -> None:
    url = f"{TODOS}/{todo_id}"
    for response in [
        await client.get(url),
        await client.patch(url, json={"title": "x"}),
        await client.patch(url, json={}),
        await client.delete(url),
    ]:
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


class TestList:
    async def test_todos_come_by_order_then_as_they_were_created(
        self, client: httpx.AsyncClient
    ) -> None:
        for title, order in [("c", None), ("b", 2), ("d", None), ("a", -1), ("b2", 2)]:
            await create(client, title=title, order=order)
        assert await titles(client) == ["a", "b", "b2", "c", "d"]

    async def test_completed_filters(self, client: httpx.AsyncClient) -> None:
        await create(client, title="open")
        await create(client, title="done", completed=True)
        assert await titles(client, completed="true") == ["done"]
        assert await titles(client, completed="false") == ["open"]

    async def test_filters_combine(self, client: httpx.AsyncClient) -> None:
        for title, completed in [("milk", True), ("milk", False), ("bread", True)]:
            await create(client, title=title, completed=completed)
        assert await titles(client, q="milk", completed="true") == ["milk"]

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("MILCH", ["Milch & Brot"]),
            ("äpf", ["ÄPFEL pflücken"]),
            ("strasse", ["Straße fegen"]),
            ("100%", ["100% sure"]),
            ("%", ["100% sure"]),
            ("_", ["snake_case"]),
            ("\\", ["back\\slash"]),
            ("/", ["either/or"]),
            ("'", ["it's"]),
            ("h & b", ["Milch & Brot"]),
            ("' OR '1'='1", []),
            ("zzz", []),
        ],
    )
    async def test_search_treats_its_text_as_text(
        self, client: httpx.AsyncClient, q: str, found: list[str]
    ) -> None:
        for title in [
            "Milch & Brot",
            "ÄPFEL pflücken",
            "Straße fegen",
            "100% sure",
            "snake_case",
            "back\\slash",
            "either/or",
            "it's",
        ]:
            await create(client, title=title)
        assert await titles(client, q=q) == found

    async def test_an_empty_search_finds_everything(self, client: httpx.AsyncClient) -> None:
        await create(client)
        assert len(await titles(client, q="")) == 1

    async def test_pages_and_the_links_between_them(self, client: httpx.AsyncClient) -> None:
        for number in range(5):
            await create(client, title=f"milk {number}")
        await create(client, title="bread")
        response = await client.get(TODOS, params={"q": "milk", "page": 2, "pageSize": 2})
        assert [todo["title"] for todo in response.json()] == ["milk 2", "milk 3"]
        assert response.headers["x-total-count"] == "5"
        url = f"http://test{TODOS}?q=milk&page"
        assert response.headers["link"] == (
            f'<{url}=1&pageSize=2>; rel="first", <{url}=3&pageSize=2>; rel="last", '
            f'<{url}=1&pageSize=2>; rel="prev", <{url}=3&pageSize=2>; rel="next"'
        )
        following = await client.get(response.links["next"]["url"])
        assert [todo["title"] for todo in following.json()] == ["milk 4"]

    async def test_a_page_behind_the_last_is_empty(self, client: httpx.AsyncClient) -> None:
        await create(client)
        response = await client.get(TODOS, params={"page": 2**31 - 1, "pageSize": 500})
        assert response.json() == []
        assert response.headers["x-total-count"] == "1"
        assert response.links["prev"]["url"].endswith("?page=1&pageSize=500")

    async def test_everything_is_listed_without_a_page(self, client: httpx.AsyncClient) -> None:
        await create(client)
        response = await client.get(TODOS)
        assert response.headers["x-total-count"] == "1"
        assert response.links["last"]["url"] == f"http://test{TODOS}?page=1&pageSize=500"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("completed", "yes"),
            ("completed", "1"),
            ("completed", ""),
            ("q", "x" * 201),
            ("q", "\0"),
            ("page", "0"),
            ("page", "1.0"),
            ("page", "١"),
            ("page", str(2**31)),
            ("page", "9" * 5000),
            ("pageSize", "0"),
            ("pageSize", "501"),
            ("pageSize", "ten"),
        ],
    )
    async def test_invalid_filters_and_pages_are_422(
        self, client: httpx.AsyncClient, name: str, value: str
    ) -> None:
        response = await client.get(TODOS, params={name: value})
        assert response.status_code == 422
        assert [error["parameter"] for error in response.json()["errors"]] == [name]

    async def test_unknown_parameters_are_ignored(self, client: httpx.AsyncClient) -> None:
        assert await titles(client, colour="red", page_size=0) == []


class TestBehindAProxy:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"public_url": "https://todo.example/base"})

    async def test_the_url_follows_the_public_url(self, client: httpx.AsyncClient) -> None:
        todo = await create(client)
        assert todo["url"] == f"https://todo.example/base{TODOS}/{todo['id']}"
        response = await client.get(TODOS)
        assert response.links["first"]["url"].startswith(f"https://todo.example/base{TODOS}?")
