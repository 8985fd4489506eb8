"""The worker: acts on events. `python -m app.worker` is a process beside the server.

With AMQP_URL it relays events from the outbox to the broker, and handles what the broker delivers;
without it handles what is in the outbox. Any number of workers may run.
"""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from sqlalchemy.exc import SQLAlchemyError

from app import outbox
from app.broker import Broker, OutboxSettings, event_of
from app.database import Database
from app.errors import DatabaseUnavailableError
from app.handlers import make_handlers
from app.logging import configure_logging
from app.outbox import Event, Handlers
from app.settings import Settings, load_settings

# How often to look for new events, in seconds.
POLL = 0.5
# The pause after the database or the broker failed, in seconds.
PAUSE = 1.0
# How many events to take at once.
BATCH = 10
# Longer than that no handler may take: shorter than the lease, after which others get the event.
HANDLER_TIMEOUT = 30
# How often to delete old events, in seconds.
FORGET = 3600

# The database or the broker is down, or the line to it: the next attempt may succeed.
INTERRUPTIONS = (
    AMQPError,
    ChannelInvalidStateError,
    DatabaseUnavailableError,
    OSError,
    SQLAlchemyError,
)

log = structlog.stdlib.get_logger(__name__)


class Worker:
    """Takes events from one place to the next until it is told to stop.

    Args:
        database: Where the outbox is.
        handlers: What to do, by the name of the event.
        settings: Where the broker is.
    """

    def __init__(self, database: Database, handlers: Handlers, settings: OutboxSettings) -> None:
        self.database = database
        self.handlers = handlers
        self.settings = settings
        self._stopping = asyncio.Event()
        self._receiving: set[asyncio.Task[None]] = set()
        self._forgotten = time.monotonic()

    def stop(self) -> None:
        """Finish what has begun, and begin nothing new."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until it is time to stop, whatever fails meanwhile."""
        while not self._stopping.is_set():
            try:
                if self.settings.amqp_url:
                    await self._work_with_broker(self.settings.amqp_url)
                else:
                    await self._repeat(self._handle_batch)
            except INTERRUPTIONS as error:
                log.warning("work interrupted", error=repr(error))
                await self._pause(PAUSE)

    async def _work_with_broker(self, url: str) -> None:
        async with Broker.connect(url, self.settings.amqp_exchange) as broker:
            log.info("connected to the broker")
            handle = await broker.consume(self._receive)
            try:
                await self._repeat(lambda: self._relay_batch(broker), broker.closed)
            finally:
                if not broker.closed.is_set():
                    await broker.cancel(handle)
                await asyncio.gather(*self._receiving, return_exceptions=True)

    async def _repeat(
        self, work: Callable[[], Awaitable[int]], ended: asyncio.Event | None = None
    ) -> None:
        """Work as long as there is something to do, then look again from time to time."""
        while not self._stopping.is_set() and not (ended and ended.is_set()):
            if await work() < BATCH:
                await self._pause(POLL)
            if time.monotonic() - self._forgotten > FORGET:
                self._forgotten = time.monotonic()
                await outbox.forget(self.database)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _handle_batch(self) -> int:
        """Handle what is in the outbox, and return how many events that were."""
        events = await outbox.take(self.database, BATCH)
        await asyncio.gather(*map(self._handle, events))
        return len(events)

    async def _relay_batch(self, broker: Broker) -> int:
        """Give the broker what is in the outbox, and return how many events that were."""
        events = await outbox.take(self.database, BATCH)
        results = await asyncio.gather(*map(broker.publish, events), return_exceptions=True)
        kept = []
        async with self.database.session() as session:
            for event, result in zip(events, results, strict=True):
                if isinstance(result, BaseException):
                    kept.append(event)
                else:
                    await outbox.finish(session, event)
            await session.commit()
        if kept:
            await outbox.give_back(self.database, kept)
            raise next(result for result in results if isinstance(result, BaseException))
        return len(events)

    async def _receive(self, message: AbstractIncomingMessage) -> None:
        """Begin to handle what the broker delivers, in a task of its own.

        The library cancels the one that this runs in when the connection is lost: a mail would be
        sent without the mark that it was.
        """
        # What is not acknowledged is delivered again.
        if not self._stopping.is_set():
            task = asyncio.create_task(self._handle_message(message))
            self._receiving.add(task)
            task.add_done_callback(self._receiving.discard)

    async def _handle_message(self, message: AbstractIncomingMessage) -> None:
        """Handle what the broker has delivered, and only then acknowledge it."""
        try:
            event = event_of(message)
        except ValueError:
            log.exception("not an event of ours")
            # A closed connection has returned it, and it will be rejected then.
            with suppress(*INTERRUPTIONS):
                await message.reject()
            return
        try:
            await self._handle(event)
            await message.ack()
        except INTERRUPTIONS as error:
            log.warning("work interrupted", error=repr(error))
            await self._pause(PAUSE)
            # A closed connection has returned the message already.
            with suppress(*INTERRUPTIONS):
                await message.nack()

    async def _handle(self, event: Event) -> None:
        """Handle one event; if that fails, note when to try again."""
        try:
            async with asyncio.timeout(HANDLER_TIMEOUT):
                await outbox.handle(self.database, self.handlers, event)
        # Handlers may fail in any way, and other events must not suffer from it.
        except Exception as error:
            log.exception("event failed", event_id=str(event.id), name=event.name)
            await outbox.fail(self.database, event, error)
        else:
            log.info("event handled", event_id=str(event.id), name=event.name)


async def main(handlers_of: Callable[[Settings], Handlers] = make_handlers) -> None:
    """Work until SIGTERM or Ctrl-C."""
    settings = load_settings()
    configure_logging(settings)
    database = Database(settings.sqlalchemy_url)
    worker = Worker(database, handlers_of(settings), settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # The loop's own way to do this does not exist on Windows.
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(worker.stop))
    log.info("worker started")
    await worker.run()
    await database.close()
    log.info("worker stopped")


if __name__ == "__main__":
    asyncio.run(main())
