"""Events that are stored together with the change that they tell of (a transactional outbox).

An event is a row in the same transaction as the change: there is never one without the other. The
worker (app/worker.py) takes it from there. It may see an event twice, but its effects in the
database are there once, because they are stored together with the event's id.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, String, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.database import Base, Database, UtcDateTime

# Whoever takes an event has it alone for this long; then it is taken for lost and given to others.
LEASE = timedelta(seconds=60)
# After so many failures an event is dead: it stays in the table for a person to look at.
MAX_ATTEMPTS = 10
# The first pause after a failure; each further one is twice as long.
FIRST_PAUSE = timedelta(seconds=2)
# How long finished events are kept. A broker may deliver one again, but not that late.
KEPT = timedelta(days=7)


class OutboxEvent(Base):
    """Something that has happened, and that the worker has to act on."""

    __tablename__ = "outbox_events"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(100))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Nobody takes it before this moment. Whoever takes it moves the moment on.
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the broker had it, or without a broker when it was handled.
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(500))
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "finished_at", "dead_at", "available_at"),)


class HandledEvent(Base):
    """An event whose effects are in the database."""

    __tablename__ = "handled_events"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    handled_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True)
class Event:
    """An event as handlers see it.

    Args:
        id: Its id; the same whenever it is delivered.
        name: What has happened: "order.paid".
        payload: The facts, as JSON has them.
        attempts: How often it was tried in vain.
    """

    id: UUID
    name: str
    payload: dict[str, Any]
    attempts: int = 0


# A handler's changes are committed together with the mark that the event was handled: it must not
# commit. What it does outside of the database may happen twice.
Handler = Callable[[AsyncSession, Event], Awaitable[None]]
Handlers = Mapping[str, Handler]


def enqueue(
    session: AsyncSession, name: str, payload: dict[str, Any], at: datetime | None = None
) -> UUID:
    """Store an event in the caller's transaction and return its id.

    Args:
        session: Where the change is made that the event tells of.
        name: What has happened: "order.paid".
        payload: The facts; only what JSON can hold.
        at: Not before this moment.
    """
    moment = now()
    event = OutboxEvent(
        id=uuid4(), name=name, payload=payload, created_at=moment, available_at=at or moment
    )
    session.add(event)
    return event.id


async def take(database: Database, limit: int) -> list[Event]:
    """Take due events, so that nobody else gets them as long as the lease lasts.

    Returns:
        The events in the order in which they were stored.
    """
    moment = now()
    # PostgreSQL passes over rows that another worker is just taking; SQLite has one writer only.
    due = (
        select(OutboxEvent.id)
        .where(
            OutboxEvent.finished_at.is_(None),
            OutboxEvent.dead_at.is_(None),
            OutboxEvent.available_at <= moment,
        )
        .order_by(OutboxEvent.available_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte()
    )
    statement = (
        update(OutboxEvent)
        .where(OutboxEvent.id.in_(select(due.c.id)))
        .values(available_at=moment + LEASE)
        .returning(
            OutboxEvent.created_at,
            OutboxEvent.id,
            OutboxEvent.name,
            OutboxEvent.payload,
            OutboxEvent.attempts,
        )
        .execution_options(synchronize_session=False)
    )
    async with database.session() as session:
        rows = (await session.execute(statement)).all()
        await session.commit()
    # RETURNING has no order of its own.
    return [Event(*event) for _, *event in sorted(rows, key=lambda row: row.created_at)]


async def finish(session: AsyncSession, event: Event) -> None:
    """Note, in the caller's transaction, that nothing remains to be done with an event.

    Not so if it has failed since it was taken: it waits for its next attempt then.
    """
    await session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.id == event.id, OutboxEvent.attempts == event.attempts)
        .values(finished_at=now())
        .execution_options(synchronize_session=False)
    )


async def give_back(database: Database, events: Collection[Event]) -> None:
    """Return events that were taken, for anybody to take."""
    async with database.session() as session:
        await session.execute(
            update(OutboxEvent)
            .where(OutboxEvent.id.in_([event.id for event in events]))
            .values(available_at=now())
        )
        await session.commit()


async def handle(database: Database, handlers: Handlers, event: Event) -> None:
    """Give an event to its handler, unless that has happened before.

    Raises:
        Exception: Whatever the handler raises; none of its changes is kept.
    """
    async with database.session() as session:
        await _have_alone(session, event)
        if not await session.get(HandledEvent, event.id):
            # A name that is not there may be one that the next version knows: tried again, too.
            await handlers[event.name](session, event)
            # Last, because it locks SQLite for all other writers. There the second of two who
            # handle one event at the same time fails here.
            session.add(HandledEvent(event_id=event.id, handled_at=now()))
        await finish(session, event)
        await session.commit()


async def _have_alone(session: AsyncSession, event: Event) -> None:
    """Wait until nobody else handles the event, so that what it does elsewhere is done once.

    A broker that went down before it confirmed a message may deliver it twice at the same moment.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(event.id.bytes[:8], signed=True)
        await session.execute(select(func.pg_advisory_xact_lock(number)))


async def fail(database: Database, event: Event, error: Exception) -> None:
    """Note that an event could not be handled, and when to try again.

    If it was handled by somebody else meanwhile, the next attempt will find that out.
    """
    this = update(OutboxEvent).where(OutboxEvent.id == event.id)
    async with database.session() as session:
        # The change itself locks the row: reading it first would miss what others change meanwhile.
        failed = this.values(
            attempts=OutboxEvent.attempts + 1, finished_at=None, last_error=repr(error)[:500]
        )
        attempts = await session.scalar(failed.returning(OutboxEvent.attempts))
        if attempts == MAX_ATTEMPTS:
            await session.execute(this.values(dead_at=now()))
        elif attempts is not None:
            pause = FIRST_PAUSE * 2 ** (attempts - 1)
            await session.execute(this.values(available_at=now() + pause))
        await session.commit()


async def forget(database: Database) -> None:
    """Delete what was finished long ago."""
    before = now() - KEPT
    async with database.session() as session:
        await session.execute(delete(OutboxEvent).where(OutboxEvent.finished_at < before))
        await session.execute(delete(HandledEvent).where(HandledEvent.handled_at < before))
        await session.commit()
