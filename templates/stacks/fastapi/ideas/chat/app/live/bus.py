"""Carries events from process to process, through Redis; without Redis there is one process.

Every process hears the rooms that somebody of its own is subscribed to. An event may get lost
while Redis is away: messages are stored before they are told, so nothing is lost but time. When
Redis is back, the hub asks the database what it has missed.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import structlog
from redis.asyncio import Redis as Client
from redis.exceptions import RedisError

from app.live.frames import Event, event
from app.redis import Redis, RedisUnavailableError

CHANNEL = "chat:room:"
# Keeps the subscription open while nobody has a room, and tells whether Redis is there.
HEARTBEAT_CHANNEL = "chat:heartbeat"
# How long nothing may come from Redis before we ask whether it lives, in seconds.
LISTEN = 1.0
# How long to wait before connecting again, in seconds.
RECONNECT = 0.5

log = structlog.stdlib.get_logger(__name__)


class Bus:
    """Tells other processes what happens here, and hears from them.

    Args:
        redis: The way to the others; None where there are none.
        on_event: What to do with an event from another process.
        on_return: What to do when events may have been missed.
    """

    def __init__(
        self,
        redis: Redis | None,
        on_event: Callable[[Event], Awaitable[None]],
        on_return: Callable[[], Awaitable[None]],
    ) -> None:
        self.process = uuid4().hex
        self._redis = redis
        self._on_event = on_event
        self._on_return = on_return
        self._rooms: set[UUID] = set()
        self._changed = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen, if there is anything to listen to."""
        if self._redis:
            self._listener = asyncio.create_task(self._listen_for_ever(self._redis.client))

    async def stop(self) -> None:
        """Stop listening."""
        if self._listener:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener

    def hear(self, room_id: UUID) -> None:
        """Begin to hear a room."""
        self._rooms.add(room_id)
        self._changed.set()

    def forget(self, room_id: UUID) -> None:
        """Stop hearing a room."""
        self._rooms.discard(room_id)
        self._changed.set()

    async def tell(self, told: Event) -> None:
        """Tell the other processes; if they cannot be reached, they will ask the database."""
        if self._redis is None:
            return
        text = json.dumps([self.process, told.model_dump(mode="json", by_alias=True)])
        with contextlib.suppress(RedisUnavailableError):
            await self._redis.run(
                lambda client: client.publish(f"{CHANNEL}{told_room(told)}", text)
            )

    async def _listen_for_ever(self, client: Client) -> None:
        while True:
            try:
                await self._listen(client)
            except (RedisError, OSError) as error:
                log.warning("events of other processes are not heard", error=repr(error))
                await asyncio.sleep(RECONNECT)

    async def _listen(self, client: Client) -> None:
        heard: set[UUID] = set()
        async with client.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(HEARTBEAT_CHANNEL)
            self._changed.set()
            returned = True
            while True:
                if self._changed.is_set():
                    self._changed.clear()
                    new, old = self._rooms - heard, heard - self._rooms
                    if new:
                        await pubsub.subscribe(*(f"{CHANNEL}{room_id}" for room_id in new))
                    if old:
                        await pubsub.unsubscribe(*(f"{CHANNEL}{room_id}" for room_id in old))
                    heard = (heard | new) - old
                if returned:
                    # Only now: what happens from here on is heard.
                    returned = False
                    await self._on_return()
                await self._receive(pubsub)

    async def _receive(self, pubsub: object) -> None:
        """Handle what has come; a pause is used to see whether Redis still answers."""
        get_message = pubsub.get_message  # type: ignore[attr-defined]
        changed = asyncio.create_task(self._changed.wait())
        received = asyncio.create_task(get_message(timeout=LISTEN))
        try:
            await asyncio.wait({changed, received}, return_when=asyncio.FIRST_COMPLETED)
            if not received.done():
                # A room is new: the subscription must not wait for the next message.
                return
            message = received.result()
        finally:
            changed.cancel()
            if not received.done():
                received.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await received
        if message is None:
            await pubsub.ping()  # type: ignore[attr-defined]
            return
        if message.get("type") != "message":
            return
        sender, content = json.loads(message["data"])
        if sender != self.process:
            await self._on_event(event.validate_python(content))


def told_room(told: Event) -> UUID:
    """Return the room that an event is about."""
    return told.message.room_id if hasattr(told, "message") else told.room_id
