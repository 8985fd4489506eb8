"""What the page of the idea `chat` asks for beyond the collection: the WebSocket."""

import asyncio
import json
import random
import secrets
import signal
import socket
import string
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from tests.applications import Application
from tests.repositories.conftest import Start
from tests.repositories.services import Database, Services

pytestmark = pytest.mark.idea("chat")

ROOMS = "/api/v1/rooms"
# Nobody waits longer than this for one thing, in seconds.
SECONDS = 30.0
# A half-open connection is dropped within this time, in seconds.
HALF_OPEN_SECONDS = 60.0
MANY = 500
NASTY = "<img src=x onerror=alert(1)> '; DROP TABLE messages; -- {{7*7}} \N{PILE OF POO} \u202e"
Frame = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody with an account and a token."""

    name: str
    id: str
    headers: dict[str, str]


def person(application: Application) -> Person:
    """Register somebody and log them in."""
    account = {"username": f"u{secrets.token_hex(8)}", "password": "the analytical engine"}
    made = application.ask("POST", "/api/v1/users", account)
    assert made.status == 201, made.body
    token = application.ask("POST", "/api/v1/tokens", account).json["accessToken"]
    return Person(account["username"], made.json["id"], {"Authorization": f"Bearer {token}"})


def room_of(application: Application, owner: Person, *members: Person) -> str:
    """Make a public room, let everybody join it, and return its id."""
    made = application.ask("POST", ROOMS, {"name": secrets.token_hex(8)}, owner.headers)
    assert made.status == 201, made.body
    for member in members:
        joined = application.ask("POST", f"{ROOMS}/{made.json['id']}/join", None, member.headers)
        assert joined.status == 200, joined.body
    return str(made.json["id"])


def history(application: Application, room: str, reader: Person) -> list[Frame]:
    """Return all messages of a room."""
    found: list[Frame] = []
    while True:
        after = found[-1]["seq"] if found else 0
        path = f"{ROOMS}/{room}/messages?after={after}&limit=100"
        page = application.ask("GET", path, headers=reader.headers).json
        found += page["items"]
        if not page["hasMore"]:
            return found


def is_online(application: Application, room: str, asking: Person, user: Person) -> bool:
    """Tell whether a member is online, by the list of members."""
    members = application.ask("GET", f"{ROOMS}/{room}/members", headers=asking.headers).json
    found = {member["user"]["id"]: member["online"] for member in members["items"]}
    return bool(found[user.id])


async def eventually(is_so: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(is_so):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.1)


class Socket:
    """One client's end of a WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._early: list[Frame] = []
        self._number = 0

    async def send(self, kind: str, **fields: Any) -> str:
        """Send a frame and return its id."""
        self._number += 1
        frame = {"type": kind, "id": str(self._number), **fields}
        await self.connection.send(json.dumps(frame))
        return str(self._number)

    async def answer(self, kind: str, **fields: Any) -> Frame:
        """Send a frame and return its answer; events that come before it are kept."""
        frame_id = await self.send(kind, **fields)
        early, self._early = self._early, []
        try:
            while True:
                frame = await self._next()
                if frame.get("id") == frame_id:
                    return frame
                early.append(frame)
        finally:
            self._early = early

    async def say(self, room: str, text: str, client_id: str = "") -> Frame:
        """Say something and return the stored message."""
        client_id = client_id or secrets.token_hex(16)
        found = await self.answer("message.send", roomId=room, clientId=client_id, text=text)
        assert found["type"] == "ack", found
        return dict(found["message"])

    async def event(self, kind: str) -> Frame:
        """Return the next event of a type; others are thrown away."""
        while True:
            frame = await self._next()
            if frame["type"] == kind:
                return frame

    async def presence(self, user: Person, *, online: bool) -> None:
        """Wait until somebody is said to be online, or offline."""
        while True:
            frame = await self.event("presence")
            if (frame["userId"], frame["online"]) == (user.id, online):
                return

    async def messages(self, count: int) -> list[Frame]:
        """Return the next messages that were created."""
        return [(await self.event("message.created"))["message"] for _ in range(count)]

    async def _next(self) -> Frame:
        if self._early:
            return self._early.pop(0)
        async with asyncio.timeout(SECONDS):
            return dict(json.loads(await self.connection.recv()))

    async def closing_code(self, seconds: float = SECONDS) -> int | None:
        """Read on until the server closes the connection, and return its code."""
        async with asyncio.timeout(seconds):
            with suppress(ConnectionClosed):
                while True:
                    await self.connection.recv()
        return self.connection.close_code


def url_of(application: Application, user: Person) -> str:
    """Return the address of a WebSocket, with a new ticket."""
    made = application.ask("POST", "/api/v1/ws-tickets", None, user.headers)
    assert made.status == 201, made.body
    return f"{application.address.replace('http', 'ws', 1)}/ws?ticket={made.json['ticket']}"


@asynccontextmanager
async def opened(
    application: Application, user: Person, *rooms: str, **options: Any
) -> AsyncIterator[Socket]:
    """Connect somebody, and subscribe to rooms."""
    url = await asyncio.to_thread(url_of, application, user)
    # A client that is out of breath on a busy machine does not take the server for dead.
    async with connect(url, ping_interval=None, **options) as connection:
        socket = Socket(connection)
        for room in rooms:
            assert (await socket.answer("subscribe", roomId=room))["type"] == "ack"
        yield socket


async def refusal(url: str, **options: Any) -> int:
    """Return the status with which a handshake is refused."""
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url, **options):
            pass
    return int(refused.value.response.status_code)


def narrow(application: Application) -> socket.socket:
    """Return a connection whose end here takes little that is not read."""
    host, _, port = urlsplit(application.address).netloc.partition(":")
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    found.connect((host, int(port)))
    return found


def numbers(messages: Iterable[Frame]) -> list[int]:
    """Return the numbers of messages."""
    return [message["seq"] for message in messages]


class TestOrder:
    """Numbers without gaps; once; in order."""

    async def talk(self, application: Application) -> None:
        ada, grace = person(application), person(application)
        room = room_of(application, ada, grace)
        async with AsyncExitStack() as stack:
            open_ = stack.enter_async_context
            speakers = [await open_(opened(application, each)) for each in (ada, grace) * 3]
            listeners = [await open_(opened(application, each, room)) for each in (ada, grace)]

            async def speak(socket: Socket) -> None:
                for number in range(15):
                    await socket.say(room, f"Number {number}")

            await asyncio.gather(*map(speak, speakers))
            total = 15 * len(speakers)
            heard = [await each.messages(total) for each in listeners]
        assert numbers(heard[0]) == numbers(heard[1]) == [*range(1, total + 1)]
        stored = history(application, room, ada)
        assert [each["id"] for each in stored] == [each["id"] for each in heard[0]]

    def test_everybody_hears_everything_once_and_in_order(self, application: Application) -> None:
        asyncio.run(self.talk(application))

    async def repeat(self, application: Application) -> None:
        ada = person(application)
        room = room_of(application, ada)
        async with AsyncExitStack() as stack:
            many = [
                await stack.enter_async_context(opened(application, ada, room)) for _ in range(6)
            ]
            sent = await asyncio.gather(*(each.say(room, "Once", "c-1") for each in many))
            assert {message["id"] for message in sent} == {sent[0]["id"]}
            last = await many[0].say(room, "Last", "c-2")
            assert numbers(await many[1].messages(2)) == [1, 2] == [sent[0]["seq"], last["seq"]]

    def test_what_is_sent_many_times_is_stored_and_heard_once(
        self, application: Application
    ) -> None:
        asyncio.run(self.repeat(application))

    async def come_and_go(self, application: Application) -> None:
        ada, grace = person(application), person(application)
        room = room_of(application, ada, grace)
        chance, total, seen = random.Random(7), 120, [0]  # noqa: S311 - no secret

        async def listen() -> None:
            while seen[-1] < total:
                async with opened(application, grace) as socket:
                    answer = await socket.answer("subscribe", roomId=room, after=seen[-1])
                    assert answer["type"] == "ack"
                    for _ in range(min(chance.randint(1, 25), total - seen[-1])):
                        seen.extend(numbers(await socket.messages(1)))
                    # Not a closing handshake: the connection is cut.
                    socket.connection.transport.abort()

        async def speak() -> None:
            async with opened(application, ada) as socket:
                for number in range(total):
                    await socket.say(room, f"Number {number}")

        await asyncio.gather(listen(), speak())
        assert seen == [*range(total + 1)]

    def test_who_is_cut_off_again_and_again_misses_nothing(self, application: Application) -> None:
        asyncio.run(self.come_and_go(application))


@pytest.mark.databases("postgresql")
class TestProcesses:
    """Two processes with one database and one Redis."""

    async def talk_across(self, first: Application, second: Application) -> None:
        ada, grace = person(first), person(second)
        room = room_of(first, ada, grace)
        async with opened(first, ada, room) as adas:
            async with opened(second, grace, room) as graces:
                await adas.presence(grace, online=True)
                for number in range(20):
                    await (adas, graces)[number % 2].say(room, f"Number {number}")
                for socket in (adas, graces):
                    assert numbers(await socket.messages(20)) == [*range(1, 21)]
                await graces.answer("typing", roomId=room)
                assert (await adas.event("typing"))["userId"] == grace.id
                # On both processes: who leaves one is still there.
                async with opened(first, grace, room):
                    await graces.connection.close()
                    assert await asyncio.to_thread(is_online, second, room, ada, grace)
            await adas.presence(grace, online=False)

    async def lose_a_process(self, first: Application, second: Application) -> None:
        ada, grace = person(first), person(first)
        room = room_of(first, ada, grace)
        async with opened(first, ada, room) as adas:
            with suppress(ConnectionClosed):
                async with opened(second, grace):
                    await adas.presence(grace, online=True)
                    second.kill()
            await adas.presence(grace, online=False)
            assert not is_online(first, room, ada, grace)

    def test_they_are_one_chat(self, database: Database, start: Start) -> None:
        first = start(database)
        second = start(database, beside=first)
        asyncio.run(self.talk_across(first, second))
        asyncio.run(self.lose_a_process(first, second))

    async def lose_redis(self, first: Application, second: Application, services: Services) -> None:
        ada, grace = person(first), person(first)
        room = room_of(first, ada, grace)
        async with opened(first, ada, room) as adas, opened(second, grace, room) as graces:
            await adas.say(room, "Before")
            services.redis.stop()
            try:
                await adas.say(room, "Meanwhile")
                # The same process needs nobody to carry it.
                assert numbers(await adas.messages(2)) == [1, 2]
            finally:
                services.redis.start()
            # Nobody says anything more: what was missed comes all the same.
            assert numbers(await graces.messages(2)) == [1, 2]
            await adas.say(room, "After")
            assert numbers(await graces.messages(1)) == [3]

    def test_what_is_said_while_redis_is_away_is_heard_when_it_is_back(
        self, database: Database, start: Start, services: Services
    ) -> None:
        first = start(database)
        asyncio.run(self.lose_redis(first, start(database, beside=first), services))


class TestEnds:
    """A process that is killed, and one that is stopped."""

    async def kill_while_talking(self, application: Application) -> None:
        ada = person(application)
        room = room_of(application, ada)
        acknowledged: dict[str, int] = {}

        async def speak(socket: Socket) -> None:
            with suppress(ConnectionClosed):
                while True:
                    client_id = secrets.token_hex(16)
                    message = await socket.say(room, "Stored?", client_id)
                    acknowledged[client_id] = message["seq"]
                    if len(acknowledged) == 50:
                        application.kill()

        async with AsyncExitStack() as stack:
            speakers = [await stack.enter_async_context(opened(application, ada)) for _ in range(4)]
            await asyncio.gather(*map(speak, speakers))
        application.start()
        stored = history(application, room, ada)
        found = {message["clientId"]: message["seq"] for message in stored}
        assert numbers(stored) == [*range(1, len(stored) + 1)]
        assert acknowledged.items() <= found.items()
        async with opened(application, ada) as socket:
            again = await socket.say(room, "Stored?", stored[-1]["clientId"])
            assert again["seq"] == stored[-1]["seq"]

    def test_nothing_that_was_acknowledged_is_lost_by_a_kill(
        self, database: Database, start: Start
    ) -> None:
        asyncio.run(self.kill_while_talking(start(database)))

    async def stop_while_connected(self, application: Application) -> None:
        ada = person(application)
        room = room_of(application, ada)
        async with opened(application, ada, room) as socket:
            await socket.say(room, "Last words")
            application.web.signal(signal.SIGTERM)
            assert await socket.closing_code() == 1012
        application.stop()
        application.start()
        async with opened(application, ada) as socket:
            await socket.answer("subscribe", roomId=room, after=0)
            assert (await socket.messages(1))[0]["text"] == "Last words"

    def test_a_stop_sends_clients_away_to_come_back(self, database: Database, start: Start) -> None:
        asyncio.run(self.stop_while_connected(start(database)))


class TestSlowness:
    """Clients that do not read, and very many."""

    async def be_slow(self, application: Application) -> None:
        ada, grace, slow = (person(application) for _ in range(3))
        room = room_of(application, ada, grace, slow)
        letters = string.ascii_letters + string.digits
        text = "".join(random.choices(letters, k=4000))  # noqa: S311 - not to be compressed
        slowest, said = 0.0, 0
        async with AsyncExitStack() as stack:
            talker = await stack.enter_async_context(opened(application, ada))
            fast = await stack.enter_async_context(opened(application, grace, room))
            stuck = await stack.enter_async_context(
                opened(application, slow, room, compression=None, sock=narrow(application))
            )
            while said % 25 or await asyncio.to_thread(is_online, application, room, ada, slow):
                began = time.monotonic()
                await talker.say(room, text)
                await fast.messages(1)
                slowest, said = max(slowest, time.monotonic() - began), said + 1
                assert said < 5000, "nobody noticed that a client does not read"
            assert await stuck.closing_code() == 4008
        assert slowest < 2, f"others waited {slowest:.1f} s for a client that does not read"
        async with opened(application, slow) as back:
            await back.answer("subscribe", roomId=room, after=said - 100)
            assert numbers(await back.messages(100)) == [*range(said - 99, said + 1)]

    def test_a_slow_client_is_closed_and_delays_nobody(
        self, database: Database, start: Start
    ) -> None:
        asyncio.run(self.be_slow(start(database, {"SOCKET_QUEUE": "16"})))

    async def be_many(self, application: Application) -> None:
        users = [person(application) for _ in range(20)]
        room = room_of(application, *users)
        async with AsyncExitStack() as stack:

            async def one(number: int) -> Socket:
                user = users[number % len(users)]
                return await stack.enter_async_context(opened(application, user, room))

            sockets: list[Socket] = []
            while len(sockets) < MANY:
                sockets += await asyncio.gather(*map(one, range(25)))
            talker = sockets[0]
            for number in range(10):
                await talker.say(room, f"Number {number}")
            heard = await asyncio.gather(*(each.messages(10) for each in sockets[1:]))
            assert all(numbers(each) == [*range(1, 11)] for each in heard)
            await asyncio.gather(*(each.connection.close() for each in sockets))

    def test_one_process_serves_very_many(self, database: Database, start: Start) -> None:
        asyncio.run(self.be_many(start(database)))

    async def be_silent(self, application: Application) -> None:
        ada, silent = person(application), person(application)
        room = room_of(application, ada, silent)
        async with opened(application, ada) as adas, opened(application, silent) as lost:
            # As if the network had gone: pings are not answered, and nobody closes anything.
            lost.connection.transport.pause_reading()
            await eventually(
                lambda: not is_online(application, room, ada, silent), HALF_OPEN_SECONDS
            )
            assert (await adas.say(room, "Still here"))["seq"] == 1
            lost.connection.transport.abort()

    @pytest.mark.databases("postgresql")
    def test_a_half_open_connection_is_dropped(self, application: Application) -> None:
        asyncio.run(self.be_silent(application))


class TestLimits:
    """Who may connect, and what may be sent."""

    async def knock(self, application: Application) -> None:
        ada = person(application)
        url = url_of(application, ada)
        assert await refusal(url, origin=Origin("https://evil.example")) == 403
        async with connect(url, origin=Origin("https://chat.example")):
            pass
        assert await refusal(url, origin=Origin("https://chat.example")) == 401
        assert await refusal(url.partition("?")[0]) == 401
        async with opened(application, ada), opened(application, ada):
            assert await refusal(url_of(application, ada)) == 429
        async with opened(application, ada):
            pass

    async def exceed(self, application: Application) -> None:
        ada = person(application)
        first, second = room_of(application, ada), room_of(application, ada)
        async with opened(application, ada, first) as socket:
            refused = await socket.answer("subscribe", roomId=second)
            assert refused["code"] == "too_many_rooms"
            answers = [await socket.answer("unsubscribe", roomId=second) for _ in range(15)]
            assert answers[-1]["code"] == "rate_limited"
        endings: list[tuple[Callable[[Socket], Awaitable[Any]], int]] = [
            (lambda socket: socket.connection.send(b"bytes"), 1003),
            (lambda socket: socket.connection.send("x" * 20_000), 1009),
            (lambda socket: socket.connection.send("x" * 2_000_000), 1009),
        ]
        for send, code in endings:
            async with opened(application, ada) as socket:
                await send(socket)
                assert await socket.closing_code() == code
        async with opened(application, ada) as socket:
            with suppress(ConnectionClosed):
                for _ in range(10):
                    await socket.connection.send("nonsense")
            assert await socket.closing_code() == 4002

    def test_each_has_its_status_code_or_error(self, database: Database, start: Start) -> None:
        limits = {
            "CORS_ALLOWED_ORIGINS": "https://chat.example",
            "SOCKET_CONNECTIONS_PER_USER": "2",
            "SOCKET_FRAMES_PER_SECOND": "5",
            "SOCKET_ROOMS": "1",
        }
        application = start(database, limits)
        asyncio.run(self.knock(application))
        asyncio.run(self.exceed(application))

    async def attack(self, application: Application) -> None:
        ada = person(application)
        room = room_of(application, ada)
        said = f'{{"type": "message.send", "id": "x", "roomId": "{room}", "clientId": "c", "text":'
        hostile = [
            said + ' "null \\u0000"}',
            said + ' "half \\ud800"}',
            said + " 1e400}",
            said + ' "  "}',
            said + ' "' + "x" * 4001 + '"}',
            said + ' "extra", "more": 1}',
            '{"type": "read", "id": "x", "roomId": "' + room + '", "seq": 99999999999999999999}',
            '{"type": "typing", "id": "x", "roomId": {"$ne": null}}',
            "[" * 8000,
            "null",
            "\ufeff{}",
        ]
        async with opened(application, ada, room) as socket:
            for text in hostile:
                await socket.connection.send(text)
                found = await socket.event("error")
                assert found["code"] == "invalid", (text[:200], found)
                # In between something good, or the client would count as broken.
                assert (await socket.answer("typing", roomId=room))["type"] == "ack"
            assert (await socket.say(room, NASTY))["text"] == NASTY
            assert (await socket.messages(1))[0]["text"] == NASTY
        assert history(application, room, ada)[0]["text"] == NASTY

    def test_hostile_frames_are_refused_and_hostile_text_is_text(
        self, application: Application
    ) -> None:
        asyncio.run(self.attack(application))


class TestMembership:
    """Who hears what."""

    async def remove(self, application: Application) -> None:
        ada, grace = person(application), person(application)
        room = room_of(application, ada, grace)
        async with opened(application, ada) as adas, opened(application, grace, room) as graces:
            removed = application.ask(
                "DELETE", f"{ROOMS}/{room}/members/{grace.id}", None, ada.headers
            )
            assert removed.status == 204
            assert (await graces.event("resync"))["gone"] is True
            await adas.say(room, "Between us")
            assert (await graces.answer("subscribe", roomId=room))["code"] == "not_found"
            sent = await graces.answer("message.send", roomId=room, clientId="c", text="Hello?")
            assert sent["code"] == "not_found"

    def test_who_is_removed_neither_hears_nor_speaks(self, application: Application) -> None:
        asyncio.run(self.remove(application))
