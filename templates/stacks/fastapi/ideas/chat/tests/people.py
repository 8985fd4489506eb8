"""People with accounts, a server that they talk through, and their ends of a WebSocket."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PASSWORD = "correct horse battery"
# Nobody waits longer than this for anything, in seconds.
TIMEOUT = 10


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in.

    Args:
        client: Sends requests in their name.
        name: The user name.
        id: The user's id.
    """

    client: httpx.AsyncClient
    name: str
    id: str

    async def make_room(self, *members: "Person", visibility: str = "public") -> str:
        """Make a room, let others join it, and return its id."""
        room = await self.client.post(
            "/api/v1/rooms", json={"name": f"Room {uuid4().hex}", "visibility": visibility}
        )
        room_id: str = room.json()["id"]
        for member in members:
            if visibility == "private":
                path = f"/api/v1/rooms/{room_id}/invitations"
                await self.client.post(path, json={"username": member.name})
            await member.client.post(f"/api/v1/rooms/{room_id}/join")
        return room_id

    async def ticket(self) -> str:
        """Return a new ticket for the WebSocket."""
        ticket: str = (await self.client.post("/api/v1/ws-tickets")).json()["ticket"]
        return ticket


class Socket:
    """One client's end of a WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[dict[str, Any]] = []
        self._frames = 0

    async def say(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a frame and return its answer; what comes before it is heard."""
        self._frames += 1
        frame_id = str(self._frames)
        await self.connection.send(json.dumps({"type": kind, "id": frame_id, **fields}))
        return await self.hear(lambda frame: frame.get("id") == frame_id)

    async def send(self, room_id: str, text: str = "Hello", client_id: str = "") -> dict[str, Any]:
        """Send a message and return the answer."""
        client_id = client_id or uuid4().hex
        return await self.say("message.send", roomId=room_id, clientId=client_id, text=text)

    async def hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the next frame that is wanted; those before it are in `heard`."""
        async with asyncio.timeout(TIMEOUT):
            while True:
                frame: dict[str, Any] = json.loads(await self.connection.recv())
                if wanted(frame):
                    return frame
                self.heard.append(frame)

    async def hear_next(self, kind: str) -> dict[str, Any]:
        """Return the next frame of a type, also one that came before something else."""
        for frame in self.heard:
            if frame["type"] == kind:
                self.heard.remove(frame)
                return frame
        return await self.hear(lambda frame: frame["type"] == kind)

    async def closing_code(self) -> int | None:
        """Wait until the server closes the connection, and return its code."""
        async with asyncio.timeout(TIMEOUT):
            # Reads on, because a client that does not read never sees the end.
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await self.connection.recv()
        return self.connection.close_code


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application that has started already, on a port of its own."""
    config = uvicorn.Config(app, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    # The system keeps little for a client that does not read: soon it is too slow.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    task = asyncio.create_task(server.serve([listener]))
    async with asyncio.timeout(TIMEOUT):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    host, port = listener.getsockname()
    yield f"{host}:{port}"
    server.should_exit = True
    await task


def narrow(address: str) -> socket.socket:
    """Return a connection whose end here takes little that is not read."""
    host, _, port = address.partition(":")
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    found.connect((host, int(port)))
    return found


Configure = Callable[..., None]
Join = Callable[[str], Awaitable[Person]]
Open = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def join(client: httpx.AsyncClient) -> AsyncIterator[Join]:
    """Return a function that makes an account and logs it in."""
    async with AsyncExitStack() as clients:

        async def join(name: str) -> Person:
            account = {"username": name, "password": PASSWORD}
            user = await client.post("/api/v1/users", json=account)
            token = (await client.post("/api/v1/tokens", json=account)).json()["accessToken"]
            own = httpx.AsyncClient(
                transport=client._transport,  # noqa: SLF001 - the same application
                base_url=client.base_url,
                event_hooks=client.event_hooks,
                headers={"Authorization": f"Bearer {token}"},
            )
            clients.push_async_callback(own.aclose)
            return Person(own, name, user.json()["id"])

        yield join


@pytest.fixture
async def ada(join: Join) -> Person:
    return await join("ada")


@pytest.fixture
async def grace(join: Join) -> Person:
    return await join("grace")


@pytest.fixture
def configure(app: FastAPI) -> Iterator[Configure]:
    """Return a function that changes settings of the running application, for one test."""
    settings = app.state.settings

    def configure(**changes: object) -> None:
        app.state.settings = settings.model_copy(update=changes)

    yield configure
    app.state.settings = settings


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """The host and port of the application."""
    async with serving(app) as address:
        yield address


@pytest.fixture
async def open_socket(address: str) -> AsyncIterator[Open]:
    """Return a function that opens a WebSocket for somebody."""
    async with AsyncExitStack() as sockets:

        async def open_socket(person: Person, *rooms: str, at: str = "", **options: Any) -> Socket:
            url = f"ws://{at or address}/ws?ticket={await person.ticket()}"
            connection = await sockets.enter_async_context(connect(url, **options))
            socket = Socket(connection)
            for room_id in rooms:
                answer = await socket.say("subscribe", roomId=room_id)
                assert answer["type"] == "ack", answer
            return socket

        yield open_socket
