"""A handler whose effects can be counted: it stores an event that nobody takes.

`python -m tests.effects` is a worker with it.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import outbox, worker
from app.database import Database
from app.outbox import Event, Handlers, OutboxEvent, enqueue
from app.settings import Settings

NEVER = datetime(2200, 1, 1, tzinfo=UTC)


async def store_effect(session: AsyncSession, event: Event) -> None:
    enqueue(session, "effect", {"of": str(event.id)}, at=NEVER)
    await session.flush()


async def effects(database: Database) -> list[str]:
    """Return the ids of the events that had an effect, one for each effect."""
    statement = select(OutboxEvent.payload).where(OutboxEvent.name == "effect")
    async with database.session() as session:
        return [payload["of"] for payload in await session.scalars(statement)]


async def store_effect_slowly(session: AsyncSession, event: Event) -> None:
    # Time enough to be killed in the middle.
    await asyncio.sleep(0.02)
    await store_effect(session, event)


def make_slow_handlers(_settings: Settings) -> Handlers:
    return {"thing": store_effect_slowly}


if __name__ == "__main__":
    outbox.LEASE = timedelta(seconds=1)
    asyncio.run(worker.main(make_slow_handlers))
