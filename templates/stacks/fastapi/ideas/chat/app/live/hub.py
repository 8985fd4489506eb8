"""Brings what happens in a room to everybody who is subscribed to it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from fastapi import FastAPI

from app.database import Database, is_unavailable
from app.live.bus import Bus
from app.live.frames import (
    Ended,
    Event,
    MessageEvent,
    PresenceEvent,
    ReadEvent,
    Resync,
    RoomEvent,
    ServerFrame,
    TypingEvent,
)
from app.live.presence import Presence
from app.messages.schemas import MessageBody
from app.messages.service import last_seqs, read_after, rooms_of
from app.redis import Redis

# A client that has missed more than this reads the history instead.
MOST_MISSED = 500
# How many messages are read from the database at once.
CHUNK = 100
# The memberships of how many users are read at once.
AT_ONCE = 1000
# How long to wait for a database that is away, in seconds.
RETRY = 1.0

log = structlog.stdlib.get_logger(__name__)


class Client:
    """The other end of a connection, as the hub sees it. app/live/connection.py has the real one.

    Args:
        user_id: Whose connection it is.
    """

    def __init__(self, user_id: UUID) -> None:
        self.user_id = user_id
        self.rooms: dict[UUID, Subscription] = {}

    def put(self, frame: ServerFrame) -> None:
        """Queue a frame. Never waits: a client that is too slow is closed."""
        raise NotImplementedError

    async def drained(self) -> None:
        """Wait until the client has taken what was queued for it."""
        raise NotImplementedError


class Subscription:
    """One client in one room: gives it every message once and in order.

    Events come in any order, twice or not at all; the numbers tell. A gap is filled from the
    database, which has every message before anybody is told of it.

    Args:
        hub: Where it belongs.
        client: Who gets the messages.
        room_id: Of which room.
    """

    def __init__(self, hub: "Hub", client: Client, room_id: UUID) -> None:
        self._hub = hub
        self._client = client
        self._room_id = room_id
        # The number of the last message that the client has; none before `begin`.
        self._last: int | None = None
        self._wanted = 0
        self._filling: asyncio.Task[None] | None = None
        # What happened to messages while others were read from the database.
        self._changes: dict[UUID, MessageEvent] = {}

    def begin(self, after: int, newest: int) -> None:
        """Give the client what follows a number; new messages have been noted before."""
        self._last = after
        self.catch_up(newest)

    def end(self) -> None:
        """Give the client nothing more."""
        if self._filling:
            self._filling.cancel()

    def take(self, event: RoomEvent) -> None:
        """Give the client what has happened, if it is its turn."""
        if isinstance(event, MessageEvent) and event.type == "message.created":
            self._take_new(event)
        elif self._last is None:
            return
        elif isinstance(event, MessageEvent) and self._filling:
            # What has been read from the database may be older than this.
            self._changes[event.message.id] = event
        elif not isinstance(event, TypingEvent) or event.user_id != self._client.user_id:
            self._give(event)

    def _take_new(self, event: MessageEvent) -> None:
        seq = event.message.seq
        if self._last is not None and self._filling is None and seq == self._last + 1:
            self._last = seq
            self._give(event)
        else:
            self.catch_up(seq)

    def catch_up(self, seq: int) -> None:
        """Give the client everything up to a number."""
        self._wanted = max(self._wanted, seq)
        if self._filling is None and self._last is not None and self._wanted > self._last:
            self._filling = asyncio.create_task(self._fill(self._last))

    def _give(self, event: RoomEvent) -> None:
        if isinstance(event, MessageEvent):
            event = MessageEvent(
                type=event.type, message=event.message.seen_by(self._client.user_id)
            )
        self._client.put(event)

    async def _fill(self, last: int) -> None:
        try:
            while last < self._wanted:
                if self._wanted - last > MOST_MISSED:
                    last = self._last = self._wanted
                    self._client.put(Resync(room_id=self._room_id, last_seq=last, gone=False))
                    break
                messages = await self._hub.read_after(self._room_id, last)
                if not messages:
                    # The room was deleted.
                    break
                for message in messages:
                    # What was missed comes as fast as the client takes it.
                    await self._client.drained()
                    last = self._last = message.seq
                    self._give(MessageEvent(type="message.created", message=message))
            while self._changes:
                await self._client.drained()
                self._give(self._changes.pop(next(iter(self._changes))))
        finally:
            self._filling = None


class Hub:
    """The live side of one process.

    Args:
        database: Where messages are.
        redis: The way to other processes; None where there are none.
    """

    def __init__(self, database: Database, redis: Redis | None) -> None:
        self._database = database
        self._bus = Bus(redis, self._deliver, self._look_again)
        self.presence = Presence(redis, self._bus.process, self._tell_presence)
        self._rooms: defaultdict[UUID, set[Client]] = defaultdict(set)

    async def start(self) -> None:
        """Begin to hear other processes."""
        self._bus.start()
        await self.presence.start()

    async def stop(self) -> None:
        """Stop hearing them."""
        await self.presence.stop()
        await self._bus.stop()

    async def connect(self, client: Client) -> None:
        """Take a new connection in."""
        if await self.presence.come(client.user_id):
            await self._tell_presence(client.user_id)

    async def disconnect(self, client: Client) -> None:
        """Let a connection go, with its subscriptions."""
        for room_id in [*client.rooms]:
            self.unsubscribe(client, room_id)
        if await self.presence.go(client.user_id):
            await self._tell_presence(client.user_id)

    def subscribe(self, client: Client, room_id: UUID) -> Subscription:
        """Begin to note what happens in a room; the client gets it when the subscription begins."""
        self.unsubscribe(client, room_id)
        subscription = client.rooms[room_id] = Subscription(self, client, room_id)
        self._rooms[room_id].add(client)
        return subscription

    def unsubscribe(self, client: Client, room_id: UUID) -> None:
        """Give a client nothing more of a room."""
        subscription = client.rooms.pop(room_id, None)
        if subscription is None:
            return
        subscription.end()
        clients = self._rooms[room_id]
        clients.discard(client)
        if not clients:
            del self._rooms[room_id]

    async def tell(self, event: Event) -> None:
        """Tell everybody in the room, in this process and in all others."""
        self._deliver(event)
        await self._bus.tell(event)

    async def tell_read(self, room_id: UUID, user_id: UUID, seq: int) -> None:
        """Tell how far a member has read."""
        await self.tell(ReadEvent(room_id=room_id, user_id=user_id, seq=seq))

    async def end_membership(self, room_id: UUID, user_id: UUID) -> None:
        """End the subscriptions of somebody who is no member any more."""
        await self.tell(Ended(room_id=room_id, user_id=user_id))

    async def end_room(self, room_id: UUID) -> None:
        """End all subscriptions of a room that is gone."""
        await self.tell(Ended(room_id=room_id, user_id=None))

    async def read_after(self, room_id: UUID, after: int) -> list[MessageBody]:
        """Return the next messages of a room; waits for a database that is away."""
        while True:
            try:
                async with self._database.session() as session:
                    messages = await read_after(session, room_id, after, CHUNK)
                    return [MessageBody.of(message, message.author_id) for message in messages]
            except Exception as error:
                if not is_unavailable(error):
                    raise
                await asyncio.sleep(RETRY)

    def _deliver(self, event: Event) -> None:
        room_id = room_of(event)
        for client in [*self._rooms.get(room_id, ())]:
            if not isinstance(event, Ended):
                client.rooms[room_id].take(event)
            elif event.user_id in (None, client.user_id):
                self._end(client, room_id)

    def _end(self, client: Client, room_id: UUID) -> None:
        self.unsubscribe(client, room_id)
        client.put(Resync(room_id=room_id, last_seq=0, gone=True))

    async def _look_again(self) -> None:
        """Find out what other processes may have said unheard: messages, and who was removed."""
        clients = set().union(*self._rooms.values())
        subscriptions = [
            (client, room_id, subscription)
            for client in clients
            for room_id, subscription in client.rooms.items()
        ]
        user_ids = [*{client.user_id for client in clients}]
        numbers: dict[tuple[UUID, UUID], int] = {}
        async with self._database.session() as session:
            for start in range(0, len(user_ids), AT_ONCE):
                numbers |= await last_seqs(session, user_ids[start : start + AT_ONCE])
        for client, room_id, subscription in subscriptions:
            if client.rooms.get(room_id) is not subscription:
                continue
            newest = numbers.get((client.user_id, room_id))
            if newest is None:
                self._end(client, room_id)
            else:
                subscription.catch_up(newest)

    async def _tell_presence(self, user_id: UUID) -> None:
        try:
            async with self._database.session() as session:
                room_ids = await rooms_of(session, user_id)
        except Exception as error:
            if not is_unavailable(error):
                raise
            log.warning("presence is not told", error=repr(error))
            return
        # Asked as late as possible: who reloads a page goes and comes in one moment.
        online = bool(await self.presence.online([user_id]))
        for room_id in room_ids:
            await self.tell(PresenceEvent(room_id=room_id, user_id=user_id, online=online))


def room_of(event: Event) -> UUID:
    """Return the room that an event is about."""
    return event.message.room_id if isinstance(event, MessageEvent) else event.room_id


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Run the live side; comes after app/redis.py's lifespan."""
    hub = app.state.hub = Hub(app.state.database, app.state.redis)
    await hub.start()
    yield
    await hub.stop()
