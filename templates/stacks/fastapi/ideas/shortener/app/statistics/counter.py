"""Counts accesses in memory and writes them in batches, so that no redirect waits for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import structlog
from fastapi import Depends, FastAPI, Request
from sqlalchemy import bindparam, case, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database, UtcDateTime, is_unavailable
from app.errors import DatabaseUnavailableError
from app.settings import Settings
from app.short_links.models import Link
from app.statistics.browsers import Browser
from app.statistics.models import AccessCount

# A batch is written before its time when it has this many different kinds of access.
FULL = 1_000
# While the database is away, memory is kept for this many kinds; what comes on top is counted
# without its referrer and browser.
MOST_KINDS = 20_000
# How often the last batch is tried when the application stops.
LAST_TRIES = 3

INSERT: dict[str, Callable[..., postgresql.Insert | sqlite.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}
log = structlog.stdlib.get_logger(__name__)


class Kind(NamedTuple):
    """What accesses are counted by."""

    link_id: UUID
    day: date
    referrer: str
    browser: str


@dataclass
class Total:
    """All accesses of a link in a batch."""

    count: int
    first: datetime
    last: datetime

    def add(self, other: "Total") -> None:
        """Add the accesses of another batch."""
        self.count += other.count
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)


class Batch:
    """Accesses that are not written yet."""

    def __init__(self) -> None:
        self.kinds: Counter[Kind] = Counter()
        self.totals: dict[UUID, Total] = {}

    def add(self, kind: Kind, moment: datetime) -> None:
        """Count one access."""
        if len(self.kinds) >= MOST_KINDS and kind not in self.kinds:
            kind = Kind(kind.link_id, kind.day, "", Browser.OTHER)
        self.kinds[kind] += 1
        self._add_total(kind.link_id, Total(1, moment, moment))

    def put_back(self, other: "Batch") -> None:
        """Add a batch that could not be written."""
        self.kinds.update(other.kinds)
        for link_id, total in other.totals.items():
            self._add_total(link_id, total)

    def _add_total(self, link_id: UUID, total: Total) -> None:
        if link_id in self.totals:
            self.totals[link_id].add(total)
        else:
            self.totals[link_id] = total


class AccessCounter:
    """Collects accesses and writes them.

    Args:
        database: Where to write.
        seconds: How long accesses are collected.
    """

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self._batch = Batch()
        self._wake = asyncio.Event()
        self._stopping = False
        # After a failure a full batch waits for its time like any other.
        self._failing = False

    def add(self, link_id: UUID, moment: datetime, referrer: str, browser: Browser) -> None:
        """Count an access; it is written later."""
        self._batch.add(Kind(link_id, moment.date(), referrer, browser), moment)
        if len(self._batch.kinds) >= FULL and not self._failing:
            self._wake.set()

    async def run(self) -> None:
        """Write a batch whenever its time has come, until stop() is called."""
        while not self._stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._wake.wait()
            self._wake.clear()
            await self._try_to_flush()
        tries = 1
        while self._failing and tries < LAST_TRIES:
            await self._try_to_flush()
            tries += 1
        if self._failing:
            log.error("accesses lost", count=self._batch.kinds.total())

    def stop(self) -> None:
        """Let run() write what is left and return."""
        self._stopping = True
        self._wake.set()

    async def _try_to_flush(self) -> None:
        try:
            await self.flush()
        # Whatever it is, counting must go on, and the next batch may succeed.
        except Exception as error:
            self._failing = True
            away = isinstance(error, DatabaseUnavailableError) or is_unavailable(error)
            log.warning("accesses kept", error=repr(error), exc_info=not away)
        else:
            self._failing = False

    async def flush(self) -> None:
        """Write what was counted so far; what cannot be written is kept."""
        batch, self._batch = self._batch, Batch()
        if not batch.kinds:
            return
        try:
            async with self._database.engine.begin() as connection:
                await _write(connection, batch)
        except BaseException:
            self._batch.put_back(batch)
            raise


async def _write(connection: AsyncConnection, batch: Batch) -> None:
    """Add a batch to what is stored: other processes add theirs at the same time.

    All of them go through the rows in the same order, so none waits for one that waits for it.
    """
    first, last = bindparam("first", type_=UtcDateTime), bindparam("last", type_=UtcDateTime)
    await connection.execute(
        update(Link)
        .where(Link.id == bindparam("link_id"))
        .values(
            access_count=Link.access_count + bindparam("count"),
            first_access_at=case((Link.first_access_at < first, Link.first_access_at), else_=first),
            last_access_at=case((Link.last_access_at > last, Link.last_access_at), else_=last),
        ),
        [
            {"link_id": link_id, "count": total.count, "first": total.first, "last": total.last}
            for link_id, total in sorted(batch.totals.items(), key=lambda item: item[0])
        ],
    )
    insert = INSERT[connection.dialect.name](AccessCount)
    await connection.execute(
        insert.on_conflict_do_update(
            index_elements=[*AccessCount.__table__.primary_key],
            set_={"count": AccessCount.count + insert.excluded["count"]},
        ),
        [kind._asdict() | {"count": count} for kind, count in sorted(batch.kinds.items())],
    )


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Count while the application runs, and write the last batch before it ends."""
    settings: Settings = app.state.settings
    counter = app.state.access_counter = AccessCounter(app.state.database, settings.flush_seconds)
    running = asyncio.create_task(counter.run())
    yield
    counter.stop()
    await running


async def get_access_counter(request: Request) -> AccessCounter:
    """Return the application's counter."""
    counter: AccessCounter = request.app.state.access_counter
    return counter


Accesses = Annotated[AccessCounter, Depends(get_access_counter)]
