"""Articles to look at."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from app.articles.schemas import NewArticle
from app.seed import main, read_seed, seed
from app.users.schemas import NewUser
from tests.blog import Person, log_in, register
from tests.fixtures import NewDatabase


async def test_seeding_twice_is_seeding_once(app: FastAPI, client: httpx.AsyncClient) -> None:
    content = read_seed()
    assert await seed(app.state.database, content) == len(content.articles)
    before = (await client.get("/api/articles")).json()
    assert before["articlesCount"] == len(content.articles)
    assert await seed(app.state.database, content) == 0
    assert (await client.get("/api/articles")).json() == before


async def test_everybody_can_log_in_with_the_password_of_the_file(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    content = read_seed()
    await seed(app.state.database, content)
    for user in content.users:
        response = await log_in(client, user.email, content.password)
        assert response.json()["user"]["username"] == user.username


async def test_seeding_keeps_what_people_changed(app: FastAPI, client: httpx.AsyncClient) -> None:
    content = read_seed()
    await seed(app.state.database, content)
    user = (await log_in(client, "ada@example.com", content.password)).json()["user"]
    ada = Person(user["username"], user["email"], user["token"])
    article = next(article for article in content.articles if article.author == "ada")
    url = f"/api/articles/{article.slug}"
    await client.put(url, json={"article": {"body": "My own"}}, headers=ada.headers)
    await client.delete("/api/profiles/grace/follow", headers=ada.headers)
    await seed(app.state.database, content)
    assert (await client.get(url)).json()["article"]["body"] == "My own"
    profile = await client.get("/api/profiles/grace", headers=ada.headers)
    assert profile.json()["profile"]["following"] is False


async def test_somebody_who_has_an_address_of_the_file_keeps_it(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    ada = await register(client, "somebody")
    change = {"user": {"email": "ada@example.com"}}
    await client.put("/api/user", json=change, headers=ada.headers)
    content = read_seed()
    added = await seed(app.state.database, content)
    assert added == sum(article.author != "ada" for article in content.articles)


def test_what_is_seeded_could_have_been_sent() -> None:
    content = read_seed()
    for user in content.users:
        NewUser(username=user.username, email=user.email, password=content.password)
    for article in content.articles:
        fields = article.model_dump(include={"title", "description"})
        body = "\n".join(article.body)
        NewArticle.model_validate({**fields, "body": body, "tagList": article.tag_list})


async def test_the_command_seeds_the_configured_database(
    client: httpx.AsyncClient,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    await main()
    count = (await client.get("/api/articles")).json()["articlesCount"]
    assert capsys.readouterr().out == f"Added {count} articles.\n"


async def test_production_gets_no_users_with_a_known_password(
    client: httpx.AsyncClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("DATABASE_URL", database_url)
    with pytest.raises(SystemExit, match="password that everybody can read"):
        await main()
    assert (await client.get("/api/profiles/ada")).status_code == 404


def test_a_database_without_tables_is_one_clear_line(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database())
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        asyncio.run(main())
