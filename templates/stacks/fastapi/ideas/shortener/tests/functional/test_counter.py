"""How accesses get into the database."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from app.main import create_app
from app.settings import Settings
from app.statistics import counter as module
from tests.helpers import LINKS, counter_of, create_link, read_stats

# Nobody waits longer than this, in seconds.
PATIENCE = 10


async def count_of(owner: httpx.AsyncClient, code: str) -> int:
    """Return what is written of a link's accesses."""
    return int((await owner.get(f"{LINKS}/{code}")).json()["accessCount"])


@asynccontextmanager
async def another_process(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The application once more, on the same database; it stops at the end."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


@pytest.fixture
def failing() -> Iterator[pytest.MonkeyPatch]:
    """Nothing can be written until this is undone."""

    async def fail(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("no connection"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_write", fail)
        yield patch


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Tells when a batch has been written."""
    written = asyncio.Event()
    flush = module.AccessCounter.flush

    async def flush_and_tell(counter: module.AccessCounter) -> None:
        await flush(counter)
        written.set()

    monkeypatch.setattr(module.AccessCounter, "flush", flush_and_tell)
    return written


async def test_a_redirect_does_not_wait_for_its_count(
    client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    code = (await create_link(owner))["shortCode"]
    assert (await client.get(f"/{code}")).status_code == 302
    assert await count_of(owner, code) == 0


async def test_what_cannot_be_written_is_kept(
    app: FastAPI, client: httpx.AsyncClient, owner: httpx.AsyncClient, failing: pytest.MonkeyPatch
) -> None:
    link = await create_link(owner)
    await client.get(f"/{link['shortCode']}")
    with pytest.raises(OperationalError):
        await counter_of(app).flush()
    await client.get(f"/{link['shortCode']}")
    failing.undo()
    stats = await read_stats(app, owner, link)
    assert stats["accessCount"] == stats["days"][-1]["count"] == 2


async def test_a_stop_writes_what_is_left(settings: Settings, owner: httpx.AsyncClient) -> None:
    code = (await create_link(owner))["shortCode"]
    async with another_process(settings) as client:
        for _ in range(3):
            await client.get(f"/{code}")
        assert await count_of(owner, code) == 0
    assert await count_of(owner, code) == 3


@pytest.mark.usefixtures("failing")
async def test_a_stop_without_a_database_tells_what_is_lost(
    settings: Settings, owner: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    code = (await create_link(owner))["shortCode"]
    async with another_process(settings) as client:
        for _ in range(3):
            await client.get(f"/{code}")
    printed = capsys.readouterr().out
    assert printed.count("accesses kept") == module.LAST_TRIES
    assert '"count": 3, "event": "accesses lost"' in printed


async def test_two_processes_add_to_the_same_figures(
    app: FastAPI, settings: Settings, client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    async with another_process(settings) as other:
        for _ in range(3):
            await client.get(f"/{link['shortCode']}")
            await other.get(f"/{link['shortCode']}")
    stats = await read_stats(app, owner, link)
    assert stats["accessCount"] == stats["days"][-1]["count"] == 6


async def test_a_batch_is_written_when_its_time_has_come(
    settings: Settings, owner: httpx.AsyncClient, written: asyncio.Event
) -> None:
    code = (await create_link(owner))["shortCode"]
    soon = settings.model_copy(update={"flush_seconds": 0.01})
    async with another_process(soon) as client:
        await client.get(f"/{code}")
        written.clear()
        await asyncio.wait_for(written.wait(), PATIENCE)
        assert await count_of(owner, code) == 1


async def test_a_full_batch_is_written_before_its_time(
    client: httpx.AsyncClient,
    owner: httpx.AsyncClient,
    written: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FULL", 2)
    code = (await create_link(owner))["shortCode"]
    await client.get(f"/{code}", headers={"Referer": "https://one.example/"})
    await client.get(f"/{code}", headers={"Referer": "https://two.example/"})
    await asyncio.wait_for(written.wait(), PATIENCE)
    assert await count_of(owner, code) == 2
