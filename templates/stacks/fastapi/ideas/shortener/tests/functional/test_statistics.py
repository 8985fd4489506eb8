"""Figures over HTTP."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import text

from app.clock import now
from app.models import Base
from tests.errors import assert_error, invalid_names
from tests.helpers import LINKS, Json, counter_of, create_link, read_stats

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


async def follow(client: httpx.AsyncClient, link: Json, **headers: str) -> None:
    """Follow a link once."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    assert (await client.get(f"/{link['shortCode']}", headers=named)).status_code == 302


async def test_a_new_link_has_no_figures(app: FastAPI, owner: httpx.AsyncClient) -> None:
    link = await create_link(owner)
    stats = await read_stats(app, owner, link)
    assert {name: stats[name] for name in link} == link
    assert (stats["firstAccessAt"], stats["lastAccessAt"]) == (None, None)
    assert (stats["referrers"], stats["browsers"]) == ([], [])
    assert len(stats["days"]) == 30
    assert stats["days"][-1] == {"date": now().date().isoformat(), "count": 0}


async def test_accesses_are_counted_by_day_referrer_and_browser(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link, other = await create_link(owner), await create_link(owner)
    with time_machine.travel(datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC), tick=False) as clock:
        await follow(client, link, referer="https://news.example/a?b", user_agent=FIREFOX)
        clock.shift(1)
        await follow(client, link, referer="https://NEWS.example/", user_agent="curl/8")
        await follow(client, link, user_agent=FIREFOX)
        await follow(client, other)
    stats = await read_stats(app, owner, link, **{"from": "2026-11-20", "to": "2026-11-22"})
    assert stats["accessCount"] == 3
    assert stats["firstAccessAt"] == "2026-11-20T23:59:59Z"
    assert stats["lastAccessAt"] == "2026-11-21T00:00:00Z"
    assert (stats["from"], stats["to"]) == ("2026-11-20", "2026-11-22")
    assert [day["count"] for day in stats["days"]] == [1, 2, 0]
    assert stats["referrers"] == [{"host": "news.example", "count": 2}, {"host": None, "count": 1}]
    assert stats["browsers"] == [
        {"family": "Firefox", "count": 2},
        {"family": "Other", "count": 1},
    ]


async def test_batches_add_up(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    for count in (1, 2, 3):
        await follow(client, link)
        stats = await read_stats(app, owner, link)
        assert stats["accessCount"] == count
        assert stats["days"][-1]["count"] == count
    assert stats["firstAccessAt"] < stats["lastAccessAt"]


async def test_days_outside_of_the_range_are_left_out(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    await follow(client, link, referer="https://news.example/")
    stats = await read_stats(app, owner, link, **{"from": "2026-01-01", "to": "2026-01-31"})
    assert stats["accessCount"] == 1
    assert (stats["referrers"], stats["browsers"]) == ([], [])
    assert sum(day["count"] for day in stats["days"]) == 0


async def test_changing_a_link_keeps_its_figures(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    await follow(client, link)
    await counter_of(app).flush()
    changed = await owner.patch(f"{LINKS}/{link['shortCode']}", json={"expiresAt": None})
    assert changed.json()["accessCount"] == 1


async def test_no_address_of_a_client_is_stored(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    await follow(
        client,
        link,
        referer="https://reader:secret@news.example/private?token=abc",
        user_agent="Secret-Agent/1.0",
        x_forwarded_for="203.0.113.7",
    )
    await counter_of(app).flush()
    async with app.state.database.session() as session:
        stored = ""
        for table in Base.metadata.sorted_tables:
            stored += str((await session.execute(text(f"SELECT * FROM {table.name}"))).all())
    assert "news.example" in stored
    for private in ("203.0.113.7", "127.0.0.1", "secret", "private", "token=abc", "Secret-Agent"):
        assert private not in stored


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"from": "2026-01-02", "to": "2026-01-01"}, ["from"]),
        ({"from": "2025-01-01", "to": "2026-01-02"}, ["from"]),
        ({"from": "9999-01-01"}, ["from"]),
        ({"from": "0001-01-01"}, ["from"]),
        ({"from": "2026-02-30"}, ["from"]),
        ({"to": "1700000000"}, ["to"]),
        ({"to": "2026-1-1"}, ["to"]),
        ({"to": ""}, ["to"]),
        ({"from": "x", "to": "y"}, ["from", "to"]),
    ],
)
async def test_days_that_cannot_be_are_422(
    owner: httpx.AsyncClient, query: dict[str, str], names: list[str]
) -> None:
    link = await create_link(owner)
    response = await owner.get(f"{LINKS}/{link['shortCode']}/stats", params=query)
    assert_error(response, 422)
    assert invalid_names(response) == names


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({"to": "2026-01-31"}, "2026-01-02", "2026-01-31"),
        ({"to": "0001-01-03"}, "0001-01-01", "0001-01-03"),
        ({"from": "2025-01-01", "to": "2026-01-01"}, "2025-01-01", "2026-01-01"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "9999-12-31", "9999-12-31"),
    ],
)
async def test_every_day_of_the_range_is_there(
    app: FastAPI, owner: httpx.AsyncClient, query: dict[str, str], first: str, last: str
) -> None:
    stats = await read_stats(app, owner, await create_link(owner), **query)
    days = [date.fromisoformat(day["date"]) for day in stats["days"]]
    assert (days[0].isoformat(), days[-1].isoformat()) == (first, last)
    assert all(later - earlier == timedelta(1) for earlier, later in pairwise(days))
