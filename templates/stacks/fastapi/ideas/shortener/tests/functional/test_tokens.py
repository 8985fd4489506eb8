"""Tokens over HTTP."""

from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.tokens.models import Token
from tests.errors import assert_error, invalid_names
from tests.helpers import LINKS, SECRET, TOKENS, bearer, create_link, create_token


async def test_a_new_token_opens_the_api(client: httpx.AsyncClient) -> None:
    response = await client.post(TOKENS, json={"name": "News 📰"}, headers=bearer(SECRET))
    assert response.status_code == 201
    assert response.json()["name"] == "News 📰"
    opened = await client.get(LINKS, headers=bearer(response.json()["token"]))
    assert opened.status_code == 200


async def test_a_token_is_shown_once(client: httpx.AsyncClient) -> None:
    token = await create_token(client)
    response = await client.get(TOKENS, headers=bearer(SECRET))
    assert token not in response.text
    assert response.json()["items"][0].keys() == {"id", "name", "createdAt"}


async def test_only_a_hash_of_a_token_is_stored(app: FastAPI, client: httpx.AsyncClient) -> None:
    text = await create_token(client)
    async with app.state.database.session() as session:
        token = (await session.scalars(select(Token))).one()
    stored = [str(getattr(token, column.name)) for column in Token.__table__.columns]
    assert not any(text in value or text.removeprefix("short_") in value for value in stored)


async def test_tokens_are_listed_with_the_newest_first(client: httpx.AsyncClient) -> None:
    for name in ("one", "two", "three"):
        await create_token(client, name)
    response = await client.get(TOKENS, params={"pageSize": 2}, headers=bearer(SECRET))
    assert [token["name"] for token in response.json()["items"]] == ["three", "two"]
    assert response.json()["total"] == 3


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {SECRET}"},
        {"Authorization": f"Bearer {SECRET}x"},
        {"Authorization": "Bearer ä".encode("latin-1")},
    ],
)
async def test_without_a_valid_token_everything_is_401(
    client: httpx.AsyncClient, owner: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    url = f"{LINKS}/{(await create_link(owner))['shortCode']}"
    for response in [
        await client.get(TOKENS, headers=headers),
        await client.post(TOKENS, json={"name": "x"}, headers=headers),
        await client.delete(f"{TOKENS}/{uuid4()}", headers=headers),
        await client.get(LINKS, headers=headers),
        await client.post(LINKS, json={"url": "https://example.com"}, headers=headers),
        await client.get(url, headers=headers),
        await client.patch(url, json={}, headers=headers),
        await client.delete(url, headers=headers),
        await client.get(f"{url}/stats", headers=headers),
    ]:
        assert_error(response, 401)
        assert response.headers["www-authenticate"] == "Bearer"


async def test_a_token_is_not_the_bootstrap_secret(owner: httpx.AsyncClient) -> None:
    assert_error(await owner.get(TOKENS), 401)
    assert_error(await owner.get(LINKS, headers=bearer(SECRET)), 401)


async def test_a_revoked_token_opens_nothing(client: httpx.AsyncClient) -> None:
    token = await create_token(client)
    (listed,) = (await client.get(TOKENS, headers=bearer(SECRET))).json()["items"]
    url = f"{TOKENS}/{listed['id']}"
    assert (await client.delete(url, headers=bearer(SECRET))).status_code == 204
    assert_error(await client.get(LINKS, headers=bearer(token)), 401)
    assert (await client.get(TOKENS, headers=bearer(SECRET))).json()["items"] == []
    assert_error(await client.delete(url, headers=bearer(SECRET)), 404)


async def test_the_links_of_a_revoked_token_redirect(
    client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    (listed,) = (await client.get(TOKENS, headers=bearer(SECRET))).json()["items"]
    await client.delete(f"{TOKENS}/{listed['id']}", headers=bearer(SECRET))
    assert (await client.get(f"/{link['shortCode']}")).status_code == 302


@pytest.mark.parametrize("token_id", [str(uuid4()), "1", "%00"])
async def test_an_unknown_token_cannot_be_revoked(client: httpx.AsyncClient, token_id: str) -> None:
    assert_error(await client.delete(f"{TOKENS}/{token_id}", headers=bearer(SECRET)), 404)


@pytest.mark.parametrize("name", [None, 5, "", "x" * 101, "a\0b"])
async def test_an_invalid_name_is_refused(client: httpx.AsyncClient, name: object) -> None:
    response = await client.post(TOKENS, json={"name": name}, headers=bearer(SECRET))
    assert_error(response, 422)
    assert invalid_names(response) == ["name"]
