"""Several processes, and one that is killed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect

from app.live import presence
from app.messages.service import send
from app.redis import RedisUnavailableError
from app.settings import Settings
from tests.people import PASSWORD, TIMEOUT, Open, Person, Socket, serving
from tests.probe import create_app
from tests.server import Server

Start = Callable[[], Awaitable[tuple[FastAPI, str]]]


async def test_what_was_missed_is_read_when_events_return(
    app: FastAPI, ada: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room()
    socket = await open_socket(ada, room_id)
    # As if another process had stored it, and telling us had failed.
    async with app.state.database.session() as session:
        await send(session, UUID(ada.id), UUID(room_id), "elsewhere", "Missed")
    await app.state.hub._look_again()  # noqa: SLF001 - what the bus calls
    assert (await socket.hear_next("message.created"))["message"]["text"] == "Missed"


async def test_events_in_any_order_become_messages_in_order(
    app: FastAPI, ada: Person, open_socket: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await ada.make_room()
    socket = await open_socket(ada, room_id)
    told: list[object] = []
    real = app.state.hub.tell

    async def keep(event: object) -> None:
        told.append(event)

    monkeypatch.setattr(app.state.hub, "tell", keep)
    for number in range(4):
        await socket.send(room_id, str(number))
    monkeypatch.setattr(app.state.hub, "tell", real)
    for event in (told[2], told[0], told[2], told[3]):
        await app.state.hub.tell(event)
    heard = [(await socket.hear_next("message.created"))["message"]["text"] for _ in range(4)]
    assert heard == ["0", "1", "2", "3"]
    await socket.send(room_id, "last")
    assert (await socket.hear_next("message.created"))["message"]["text"] == "last"


def connected(server: Server) -> tuple[httpx.Client, str]:
    """Make an account on a server; return a client of it and a room."""
    client = httpx.Client(base_url=f"{server.url}/api/v1", timeout=TIMEOUT)
    account = {"username": f"u_{uuid4().hex[:20]}", "password": PASSWORD}
    client.post("/users", json=account).raise_for_status()
    token = client.post("/tokens", json=account).json()["accessToken"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client, client.post("/rooms", json={"name": "Room"}).json()["id"]


async def test_nothing_acknowledged_is_lost_by_a_kill(server: Server) -> None:
    server.start()
    client, room_id = await asyncio.to_thread(connected, server)
    ticket = client.post("/ws-tickets").json()["ticket"]
    acknowledged = []
    async with connect(f"ws://127.0.0.1:{server.port}/ws?ticket={ticket}") as connection:
        socket = Socket(connection)
        for number in range(5):
            answer = await socket.send(room_id, str(number))
            acknowledged.append(answer["message"]["text"])
        server.kill()
    server.start()
    history = await asyncio.to_thread(client.get, f"/rooms/{room_id}/messages")
    assert [message["text"] for message in history.json()["items"]] == acknowledged
    client.close()


async def test_a_graceful_stop_tells_clients_to_come_back(server: Server) -> None:
    server.start()
    client, _ = await asyncio.to_thread(connected, server)
    ticket = client.post("/ws-tickets").json()["ticket"]
    async with connect(f"ws://127.0.0.1:{server.port}/ws?ticket={ticket}") as connection:
        server.terminate()
        assert await Socket(connection).closing_code() == 1012
    assert await asyncio.to_thread(server.wait) == 0
    client.close()


class TestWithRedis:
    """Two applications in this process are two processes to one another: they share only Redis."""

    @pytest.fixture
    async def settings(
        self, settings: Settings, redis_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> Settings:
        # Before any application starts, so that all agree on what is dead.
        monkeypatch.setattr(presence, "INTERVAL", 0.2)
        monkeypatch.setattr(presence, "DEAD_AFTER", 2.0)
        return settings.model_copy(update={"redis_url": redis_url})

    @pytest.fixture
    async def start(self, app: FastAPI, settings: Settings) -> AsyncIterator[Start]:
        """Return a function that starts one more application beside `app`."""
        async with AsyncExitStack() as started:

            async def start() -> tuple[FastAPI, str]:
                other = create_app(settings)
                await started.enter_async_context(other.router.lifespan_context(other))
                return other, await started.enter_async_context(serving(other))

            yield start

    async def test_messages_reach_the_clients_of_all(
        self, start: Start, ada: Person, grace: Person, open_socket: Open
    ) -> None:
        _, elsewhere = await start()
        room_id = await ada.make_room(grace)
        adas = await open_socket(ada, room_id)
        graces = await open_socket(grace, room_id, at=elsewhere)
        for number in range(20):
            await adas.send(room_id, str(number))
        heard = [(await graces.hear_next("message.created"))["message"]["seq"] for _ in range(20)]
        assert heard == list(range(1, 21))
        await graces.say("typing", roomId=room_id)
        assert (await adas.hear_next("typing"))["userId"] == grace.id

    async def test_presence_is_right_across_processes(
        self, start: Start, ada: Person, grace: Person, open_socket: Open
    ) -> None:
        other, elsewhere = await start()
        room_id = await ada.make_room(grace)
        adas = await open_socket(ada, room_id)
        first = await open_socket(grace, at=elsewhere)
        assert (await adas.hear_next("presence"))["online"] is True
        second = await open_socket(grace, room_id)
        await first.connection.close()
        members = await ada.client.get(f"/api/v1/rooms/{room_id}/members")
        assert [member["online"] for member in members.json()["items"]] == [True, True]
        await second.connection.close()
        assert (await adas.hear_next("presence"))["online"] is False
        assert not await other.state.hub.presence.online([UUID(grace.id)])

    async def test_who_goes_with_their_process_is_offline(
        self, start: Start, ada: Person, grace: Person, open_socket: Open
    ) -> None:
        other, elsewhere = await start()
        room_id = await ada.make_room(grace)
        adas = await open_socket(ada, room_id)
        await open_socket(grace, at=elsewhere)
        assert (await adas.hear_next("presence"))["online"] is True
        # What a kill leaves: nobody says any more that the process lives.
        other.state.hub.presence._beat.cancel()  # noqa: SLF001
        gone = await adas.hear_next("presence")
        assert (gone["userId"], gone["online"]) == (grace.id, False)
        # As if the process had only slept: it says that it lives, and that Grace is there.
        await other.state.hub.presence._beat_once(other.state.redis)  # noqa: SLF001
        back = await adas.hear_next("presence")
        assert (back["userId"], back["online"]) == (grace.id, True)

    async def test_what_could_not_be_told_is_told_later(  # noqa: PLR0913, PLR0917 - fixtures
        self,
        app: FastAPI,
        start: Start,
        ada: Person,
        grace: Person,
        open_socket: Open,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        other, elsewhere = await start()
        room_id = await ada.make_room(grace)
        graces = await open_socket(grace, room_id, at=elsewhere)

        async def fail(_command: object) -> None:
            raise RedisUnavailableError

        with monkeypatch.context() as broken:
            broken.setattr(app.state.redis, "run", fail)
            await ada.client.delete(f"/api/v1/rooms/{room_id}/members/{grace.id}")
        assert (await graces.hear_next("resync"))["gone"] is True
        assert not other.state.hub._rooms  # noqa: SLF001


async def test_an_unreachable_redis_leaves_one_process_working(
    settings: Settings, ada: Person, open_socket: Open
) -> None:
    lonely = create_app(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    async with lonely.router.lifespan_context(lonely), serving(lonely) as address:
        room_id = await ada.make_room()
        socket = await open_socket(ada, room_id, at=address)
        await socket.send(room_id, "Anybody?")
        assert (await socket.hear_next("message.created"))["message"]["text"] == "Anybody?"
