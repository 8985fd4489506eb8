"""Users and articles for tests, made over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx

PASSWORD = "a long sentence is a good password"
Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in."""

    username: str
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.token}"}


def new_user(username: str = "ada", **fields: Any) -> Json:
    """Return the body of a registration."""
    user = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
    return {"user": user | fields}


async def register(client: httpx.AsyncClient, username: str = "ada") -> Person:
    response = await client.post("/api/users", json=new_user(username))
    assert response.status_code == 201, response.text
    user = response.json()["user"]
    return Person(user["username"], user["email"], user["token"])


async def log_in(
    client: httpx.AsyncClient, email: str = "ada@example.com", password: str = PASSWORD
) -> httpx.Response:
    body = {"user": {"email": email, "password": password}}
    return await client.post("/api/users/login", json=body)


def new_article(title: str = "Title", **fields: Any) -> Json:
    """Return the body of a new article."""
    return {"article": {"title": title, "description": "About it", "body": "Text"} | fields}


async def publish(
    client: httpx.AsyncClient, author: Person, title: str = "Title", **fields: Any
) -> Json:
    """Publish an article and return it."""
    body = new_article(title, **fields)
    response = await client.post("/api/articles", json=body, headers=author.headers)
    assert response.status_code == 201, response.text
    article: Json = response.json()["article"]
    return article


async def list_of(
    client: httpx.AsyncClient, viewer: Person | None = None, path: str = "", **params: Any
) -> list[str]:
    """Return the slugs of a list."""
    headers = viewer.headers if viewer else {}
    response = await client.get(f"/api/articles{path}", params=params, headers=headers)
    assert response.status_code == 200, response.text
    return [article["slug"] for article in response.json()["articles"]]


def messages(response: httpx.Response) -> Json:
    """Return what is wrong."""
    errors: Json = response.json()["errors"]
    return errors
