"""Links to look at."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from app.seed import KNOWN_TOKEN, main, read_seed, seed
from tests.fixtures import NewDatabase
from tests.helpers import LINKS, SECRET, bearer

HEADERS = bearer(KNOWN_TOKEN)


async def test_seeding_twice_is_seeding_once(app: FastAPI, client: httpx.AsyncClient) -> None:
    links = read_seed()
    assert await seed(app.state.database, links, KNOWN_TOKEN) == len(links)
    assert await seed(app.state.database, links, KNOWN_TOKEN) == 0
    page = (await client.get(LINKS, headers=HEADERS)).json()
    assert {link["shortCode"] for link in page["items"]} == {item["alias"] for item in links}


async def test_the_figures_of_the_examples_agree(app: FastAPI, client: httpx.AsyncClient) -> None:
    await seed(app.state.database, read_seed(), KNOWN_TOKEN)
    for item in read_seed():
        url = f"{LINKS}/{item['alias']}/stats"
        stats = (await client.get(url, headers=HEADERS)).json()
        for part in ("days", "referrers", "browsers"):
            assert sum(one["count"] for one in stats[part]) == stats["accessCount"]


async def test_seeding_keeps_what_people_changed(app: FastAPI, client: httpx.AsyncClient) -> None:
    await seed(app.state.database, read_seed(), KNOWN_TOKEN)
    url = f"{LINKS}/docs-tour"
    new = {"url": "https://example.com/my-own"}
    changed = (await client.patch(url, json=new, headers=HEADERS)).json()
    await seed(app.state.database, read_seed(), KNOWN_TOKEN)
    assert (await client.get(url, headers=HEADERS)).json() == changed


async def test_the_command_seeds_the_configured_database(
    client: httpx.AsyncClient,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    await main()
    assert capsys.readouterr().out == f"Added 6 links for the token {KNOWN_TOKEN}\n"
    assert (await client.get(LINKS, headers=HEADERS)).status_code == 200
    await main()
    assert capsys.readouterr().out == "Added 0 links.\n"


async def test_production_gets_a_token_that_nobody_knows(
    client: httpx.AsyncClient,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url.replace("change-me", "secret"))
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("BOOTSTRAP_SECRET", SECRET)
    await main()
    token = capsys.readouterr().out.split()[-1]
    assert (await client.get(LINKS, headers=HEADERS)).status_code == 401
    assert (await client.get(LINKS, headers=bearer(token))).status_code == 200


def test_a_database_without_tables_is_one_clear_line(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database())
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        asyncio.run(main())
