"""The message broker: events go through RabbitMQ when AMQP_URL says where it is."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Self
from uuid import UUID

import aio_pika
from aio_pika import DeliveryMode, ExchangeType, Message
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage, AbstractQueue
from pydantic import AfterValidator, Field

from app.configuration import CommonSettings
from app.outbox import Event

# A broker that does not answer in time is treated as one that is down, in seconds.
TIMEOUT = 5
# Without a sign of life for twice as long a connection is given up, in seconds.
HEARTBEAT = 10
# How many events a worker handles at the same time.
PREFETCH = 10

# The library warns of a lost connection with a traceback. The worker says it in one line.
logging.getLogger("aiormq").setLevel(logging.ERROR)


def _checked_amqp_url(text: str) -> str:
    if not text.startswith(("amqp://", "amqps://")):
        raise ValueError("must begin with amqp:// or amqps://")
    return text


class OutboxSettings(CommonSettings):
    """Where events go; without a broker the worker takes them out of the database itself."""

    amqp_url: Annotated[str, AfterValidator(_checked_amqp_url)] | None = None
    amqp_exchange: Annotated[str, Field(pattern="^[a-zA-Z0-9._-]{1,100}$")] = "events"


class Broker:
    """An open connection. All processes use the same exchange, and all workers one queue."""

    def __init__(
        self, channel: AbstractChannel, exchange: AbstractExchange, queue: AbstractQueue
    ) -> None:
        self._exchange = exchange
        self._queue = queue
        self.closed = asyncio.Event()
        channel.close_callbacks.add(lambda *_: self.closed.set())

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, name: str) -> AsyncIterator[Self]:
        """Connect, and make the exchange and the queue if they are not there yet."""
        connection = await aio_pika.connect(url, timeout=TIMEOUT, heartbeat=HEARTBEAT)
        async with connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            await channel.set_qos(prefetch_count=PREFETCH)
            exchange = await channel.declare_exchange(name, ExchangeType.TOPIC, durable=True)
            queue = await channel.declare_queue(f"{name}.worker", durable=True)
            await queue.bind(exchange, "#")
            yield cls(channel, exchange, queue)

    async def publish(self, event: Event) -> None:
        """Hand over an event; returns when the broker has it on disk."""
        message = Message(
            json.dumps(event.payload).encode(),
            content_type="application/json",
            delivery_mode=DeliveryMode.PERSISTENT,
            message_id=str(event.id),
            type=event.name,
        )
        await self._exchange.publish(message, routing_key=event.name, timeout=TIMEOUT)

    async def consume(self, receive: Callable[[AbstractIncomingMessage], Awaitable[None]]) -> str:
        """Begin to receive messages; whoever receives one acknowledges it. Return a handle."""
        return await self._queue.consume(receive)

    async def cancel(self, handle: str) -> None:
        """Receive no more messages."""
        await self._queue.cancel(handle)


def event_of(message: AbstractIncomingMessage) -> Event:
    """Return the event that a message carries.

    Raises:
        ValueError: It carries none.
    """
    return Event(UUID(message.message_id or ""), message.type or "", json.loads(message.body))
