"""Several clients at the same time."""

import asyncio

import httpx
from fastapi import FastAPI

from tests.helpers import LINKS, TARGET, create_link, read_stats


async def test_fifty_clients_get_fifty_codes(owner: httpx.AsyncClient) -> None:
    links = await asyncio.gather(*(create_link(owner) for _ in range(50)))
    assert len({link["shortCode"] for link in links}) == 50


async def test_an_alias_has_one_winner_whatever_the_case(owner: httpx.AsyncClient) -> None:
    for number in range(5):
        aliases = [f"{word}-{number}" for word in ("sale", "Sale", "SALE", "sALE")] * 3
        responses = await asyncio.gather(
            *(owner.post(LINKS, json={"url": TARGET, "alias": alias}) for alias in aliases)
        )
        statuses = sorted(response.status_code for response in responses)
        assert statuses == [201, *[409] * 11]


async def test_changes_to_different_fields_lose_nothing(owner: httpx.AsyncClient) -> None:
    changes = [{"url": "https://example.com/second"}, {"expiresAt": "2030-01-01T00:00:00Z"}]
    links = [await create_link(owner) for _ in range(10)]
    await asyncio.gather(
        *(
            owner.patch(f"{LINKS}/{link['shortCode']}", json=change)
            for link in links
            for change in changes
        )
    )
    for link in (await owner.get(LINKS)).json()["items"]:
        assert {"url": link["url"], "expiresAt": link["expiresAt"]} == changes[0] | changes[1]


async def test_accesses_at_the_same_time_are_all_counted(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    links = [await create_link(owner) for _ in range(3)]
    await asyncio.gather(*(client.get(f"/{link['shortCode']}") for link in links * 30))
    stats = [await read_stats(app, owner, link) for link in links]
    assert [each["accessCount"] for each in stats] == [30, 30, 30]


async def test_only_one_of_many_deletes_finds_the_link(owner: httpx.AsyncClient) -> None:
    url = f"{LINKS}/{(await create_link(owner))['shortCode']}"
    responses = await asyncio.gather(*(owner.delete(url) for _ in range(10)))
    assert sorted(response.status_code for response in responses) == [204, *[404] * 9]
