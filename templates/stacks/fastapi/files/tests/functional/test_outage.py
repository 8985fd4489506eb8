"""What happens while the database is down, and afterwards."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import URL, make_url

from app import database
from app.main import create_app
from app.settings import Settings
from tests.errors import assert_error


class Outage(Protocol):
    """A database that can be taken away and brought back."""

    url: URL

    async def begin(self, app: FastAPI) -> None: ...

    async def end(self) -> None: ...


class SqliteOutage:
    """Takes the folder of the database away."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.folder = Path(str(url.database)).parent
        self.aside = self.folder.with_name("aside")

    async def begin(self, app: FastAPI) -> None:
        # An open file does not notice that it was moved.
        await app.state.database.close()
        self.folder.rename(self.aside)

    async def end(self) -> None:
        self.aside.rename(self.folder)
        # Connections that failed have threads, which report to the loop that the test will close.
        for thread in threading.enumerate():
            if "_connection_worker_thread" in thread.name:
                await asyncio.to_thread(thread.join)


class PostgresOutage:
    """Cuts the line to the server."""

    def __init__(self, url: URL) -> None:
        self.target = url.host, url.port or 5432
        self.url = url.set(host="127.0.0.1", port=0)
        self.lines: set[asyncio.Task[None]] = set()

    async def begin(self, _app: FastAPI) -> None:
        self.listener.close()
        for line in self.lines:
            line.cancel()
        await asyncio.gather(*self.lines, return_exceptions=True)

    async def end(self) -> None:
        self.listener = await asyncio.start_server(self._connect, "127.0.0.1", self.url.port)
        self.url = self.url.set(port=self.listener.sockets[0].getsockname()[1])

    def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.create_task(self._carry(reader, writer))
        self.lines.add(line)
        line.add_done_callback(self.lines.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(*self.target)
        try:
            await asyncio.gather(copy(reader, server_writer), copy(server_reader, writer))
        finally:
            writer.transport.abort()
            server_writer.transport.abort()


async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
        await target.drain()
    target.close()


@pytest.fixture
async def outage(database_url: str) -> AsyncIterator[Outage]:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        yield SqliteOutage(url)
    else:
        outage = PostgresOutage(url)
        await outage.end()
        yield outage
        outage.listener.close()


@pytest.fixture
def settings(outage: Outage) -> Settings:
    return Settings(database_url=outage.url.render_as_string(hide_password=False))


async def test_requests_get_503_while_the_database_is_down(
    client: httpx.AsyncClient, app: FastAPI, outage: Outage
) -> None:
    await outage.begin(app)
    response = await client.get("/probe/database")
    await outage.end()
    assert_error(response, 503, "The database does not answer. Try again later.")
    assert response.headers["retry-after"] == "5"


async def test_requests_work_again_when_the_database_is_back(
    client: httpx.AsyncClient, app: FastAPI, outage: Outage
) -> None:
    assert (await client.get("/probe/database")).status_code == 200
    await outage.begin(app)
    await outage.end()
    assert (await client.get("/probe/database")).status_code == 200


async def test_not_ready_but_alive_while_the_database_is_down(
    client: httpx.AsyncClient, app: FastAPI, outage: Outage
) -> None:
    assert (await client.get("/health/ready")).json() == {"status": "ok"}
    await outage.begin(app)
    ready, live = await client.get("/health/ready"), await client.get("/health/live")
    await outage.end()
    assert (ready.status_code, live.status_code) == (503, 200)
    assert ready.headers["retry-after"] == "5"
    assert (await client.get("/health/ready")).status_code == 200


async def test_not_ready_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PING_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        app = create_app(Settings(database_url=f"postgresql://app:app@127.0.0.1:{port}/app"))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
        ):
            assert (await client.get("/health/ready")).status_code == 503
