"""Carries events from process to process, through Redis; without Redis there is one process.

Every process hears every event on one channel, and drops those of rooms that nobody here listens
to. Redis keeps nothing: what is said while it is away is lost on this way, not in the database,
where it was stored first. So whoever may have missed something is told to look there.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from uuid import uuid4

import structlog
from pydantic import BaseModel
from redis.asyncio import Redis as Client
from redis.exceptions import ConnectionError as RedisConnectionError

from app.live.frames import Event
from app.redis import Redis, RedisUnavailableError

CHANNEL = "chat:events"
# After so long without an event we say something ourselves, and must hear it, in seconds.
SILENCE = 1.0
# How long to wait before listening again, in seconds.
RECONNECT = 0.5

log = structlog.stdlib.get_logger(__name__)


class Told(BaseModel):
    """What one process tells the others; without an event it shows that Redis works."""

    sender: str
    event: Event | None = None
    # Something before this could not be told: the others have to look for themselves.
    after_gap: bool = False


class Bus:
    """Tells other processes what happens here, and hears from them.

    Args:
        redis: The way to the others; None where there are none.
        on_event: What to do with an event from another process.
        on_gap: What to do when events may have been missed.
    """

    def __init__(
        self,
        redis: Redis | None,
        on_event: Callable[[Event], None],
        on_gap: Callable[[], Awaitable[None]],
    ) -> None:
        self.process = uuid4().hex
        self._redis = redis
        self._on_event = on_event
        self._on_gap = on_gap
        self._has_untold = False
        self._listener: asyncio.Task[None] | None = None
        self._is_stopping = False

    def start(self) -> None:
        """Begin to listen, if there is anything to listen to."""
        if self._redis:
            self._listener = asyncio.create_task(self._listen_for_ever(self._redis.client))

    async def stop(self) -> None:
        """Stop listening."""
        if self._listener:
            # Both: a timeout in the client of Redis may swallow a cancellation.
            self._is_stopping = True
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener

    async def tell(self, event: Event) -> None:
        """Tell the other processes; if they cannot be reached, they hear later of the gap."""
        if self._redis is None:
            return
        text = self._text(event=event)
        try:
            await self._redis.run(lambda client: client.publish(CHANNEL, text))
        except RedisUnavailableError:
            self._has_untold = True

    def _text(self, *, event: Event | None = None, after_gap: bool = False) -> str:
        told = Told(sender=self.process, event=event, after_gap=after_gap)
        return told.model_dump_json(by_alias=True)

    async def _listen_for_ever(self, client: Client) -> None:
        while not self._is_stopping:
            try:
                await self._listen(client)
            except Exception as error:  # noqa: BLE001 - Redis or the database is away
                log.warning("events of other processes are not heard", error=repr(error))
                await asyncio.sleep(RECONNECT)

    async def _listen(self, client: Client) -> None:
        async with client.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            is_silent = False
            while not self._is_stopping:
                message = await pubsub.get_message(timeout=SILENCE)
                if message:
                    is_silent = False
                    await self._handle(message)
                elif is_silent:
                    raise RedisConnectionError("We do not hear what we say.")
                else:
                    is_silent = True
                    await client.publish(CHANNEL, self._text())
                if self._has_untold:
                    await client.publish(CHANNEL, self._text(after_gap=True))
                    self._has_untold = False

    async def _handle(self, message: dict[str, str]) -> None:
        if message["type"] == "subscribe":
            # From here on everything is heard; also after redis-py has connected again.
            await self._on_gap()
            return
        told = Told.model_validate_json(message["data"])
        if told.sender == self.process:
            return
        if told.after_gap:
            await self._on_gap()
        if told.event:
            self._on_event(told.event)
