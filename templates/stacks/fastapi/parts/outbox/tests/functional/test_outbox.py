"""Events, from the change that they tell of to their effect."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractConnection
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import outbox, worker
from app.database import Database
from app.outbox import Event, HandledEvent, Handlers, OutboxEvent, enqueue, forget, handle, take
from app.settings import Settings, load_settings
from app.worker import Worker
from tests.effects import NEVER, effects, store_effect
from tests.eventually import eventually
from tests.logs import Log

HANDLERS: Handlers = {"thing": store_effect}


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 0.01)
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    monkeypatch.setattr(outbox, "FIRST_PAUSE", timedelta(0))


@pytest.fixture
def database(app: FastAPI) -> Database:
    database: Database = app.state.database
    return database


async def store(database: Database, count: int = 1, name: str = "thing") -> list[str]:
    """Store events and return their ids."""
    async with database.session() as session:
        ids = [str(enqueue(session, name, {"number": number})) for number in range(count)]
        await session.commit()
    return ids


@asynccontextmanager
async def working(*workers: Worker) -> AsyncIterator[None]:
    """Let workers work, then stop them."""
    tasks = [asyncio.create_task(each.run()) for each in workers]
    try:
        yield
    finally:
        for each in workers:
            each.stop()
        await asyncio.gather(*tasks)


def count_of(database: Database, what: object, number: int) -> Callable[[], Awaitable[bool]]:
    """Return the condition that so many rows are there, or events without an end."""

    async def reached() -> bool:
        statement = select(func.count()).select_from(OutboxEvent).where(what)  # type: ignore[arg-type]
        async with database.session() as session:
            return await session.scalar(statement) == number

    return reached


def finished(database: Database, number: int) -> Callable[[], Awaitable[bool]]:
    return count_of(database, OutboxEvent.finished_at.is_not(None), number)


class Held:
    """A handler that has its effect when it is let go.

    Attributes:
        handled: The ids of the events that it was given, once for each time.
        begun: Set when it has been given one.
        go_on: Lets it go.
    """

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, session: AsyncSession, event: Event) -> None:
        self.handled.append(str(event.id))
        self.begun.set()
        await self.go_on.wait()
        await store_effect(session, event)


class Delivery:
    """What is true whichever way events go."""

    async def test_an_event_has_its_effect_once(
        self, database: Database, settings: Settings
    ) -> None:
        ids = await store(database, 25)
        async with working(Worker(database, HANDLERS, settings)):
            await eventually(finished(database, 25))
            await eventually(lambda: has_effects(database, 25))
        assert sorted(await effects(database)) == sorted(ids)

    async def test_several_workers_share_the_events(
        self, database: Database, settings: Settings
    ) -> None:
        ids = await store(database, 50)
        async with working(*(Worker(database, HANDLERS, settings) for _ in range(3))):
            await eventually(lambda: has_effects(database, 50))
        assert sorted(await effects(database)) == sorted(ids)

    async def test_without_the_change_there_is_no_event(
        self, database: Database, settings: Settings
    ) -> None:
        async with database.session() as session:
            enqueue(session, "thing", {})
            await session.rollback()
        (known,) = await store(database)
        async with working(Worker(database, HANDLERS, settings)):
            await eventually(lambda: has_effects(database, 1))
        assert await effects(database) == [known]

    async def test_what_fails_is_tried_again_and_leaves_nothing_behind(
        self, database: Database, settings: Settings
    ) -> None:
        attempts = 0

        async def fail_twice(session: AsyncSession, event: Event) -> None:
            nonlocal attempts
            attempts += 1
            await store_effect(session, event)
            if attempts < 3:
                raise RuntimeError("not yet")

        ids = await store(database)
        async with working(Worker(database, {"thing": fail_twice}, settings)):
            await eventually(lambda: has_effects(database, 1))
        assert await effects(database) == ids
        assert attempts == 3

    async def test_what_always_fails_is_put_aside_and_holds_up_nobody(
        self, database: Database, settings: Settings
    ) -> None:
        async def fail(_session: AsyncSession, _event: Event) -> None:
            raise RuntimeError("never")

        await store(database, name="broken")
        await store(database, name="unknown")
        ids = await store(database)
        async with working(Worker(database, {**HANDLERS, "broken": fail}, settings)):
            await eventually(count_of(database, OutboxEvent.dead_at.is_not(None), 2))
            await eventually(lambda: has_effects(database, 1))
        assert await effects(database) == ids
        async with database.session() as session:
            statement = select(OutboxEvent).where(OutboxEvent.name == "broken")
            dead = (await session.scalars(statement)).one()
        assert (dead.attempts, dead.last_error) == (outbox.MAX_ATTEMPTS, "RuntimeError('never')")

    async def test_a_worker_finishes_what_it_has_begun(
        self, database: Database, settings: Settings
    ) -> None:
        held = Held()
        ids = await store(database)
        slow = Worker(database, {"thing": held}, settings)
        task = asyncio.create_task(slow.run())
        await held.begun.wait()
        slow.stop()
        held.go_on.set()
        await task
        assert await effects(database) == ids


async def has_effects(database: Database, number: int) -> bool:
    return len(await effects(database)) == number


class TestThroughTheDatabase(Delivery):
    """Without a broker the worker reads the outbox itself."""


class TestThroughTheBroker(Delivery):
    """With a broker the worker relays events, and handles what the broker delivers."""

    @pytest.fixture
    def settings(self, settings: Settings, amqp_settings: dict[str, str]) -> Settings:
        return settings.model_copy(update=amqp_settings)

    async def test_an_event_that_is_relayed_twice_has_its_effect_once(
        self, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids = await store(database, 5)
        # As if the worker died before it noted that the broker has the events.
        monkeypatch.setattr(outbox, "LEASE", timedelta(0))
        forgetful = Worker(database, HANDLERS, settings)
        relayed = 0
        finish = outbox.finish

        async def forget_to_finish(session: AsyncSession, event: Event) -> None:
            nonlocal relayed
            relayed += 1
            if relayed > 20:
                await finish(session, event)

        monkeypatch.setattr(outbox, "finish", forget_to_finish)
        async with working(forgetful):
            await eventually(finished(database, 5))
        assert sorted(await effects(database)) == sorted(ids)

    async def test_what_was_begun_is_finished_when_the_connection_is_lost(
        self, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connect = aio_pika.connect
        connections: list[AbstractConnection] = []

        async def keep(*args: Any, **options: Any) -> AbstractConnection:
            connections.append(await connect(*args, **options))
            return connections[-1]

        monkeypatch.setattr(aio_pika, "connect", keep)
        held = Held()
        ids = await store(database)
        async with working(Worker(database, {"thing": held}, settings)):
            await held.begun.wait()
            await connections[0].close(ConnectionError())
            held.go_on.set()
            await eventually(lambda: has_effects(database, 1))
            # The first is delivered again before this one is.
            ids += await store(database)
            await eventually(lambda: has_effects(database, 2))
        assert held.handled == ids


async def test_while_the_broker_is_down_nothing_is_lost(
    database: Database, settings: Settings, log: Log
) -> None:
    ids = await store(database, 3)
    down = settings.model_copy(update={"amqp_url": "amqp://127.0.0.1:1/"})
    async with working(Worker(database, HANDLERS, down)):
        await eventually(lambda: logged(log, "work interrupted", 2))
    assert await effects(database) == []
    async with working(Worker(database, HANDLERS, settings)):
        await eventually(lambda: has_effects(database, 3))
    assert sorted(await effects(database)) == sorted(ids)


async def logged(log: Log, event: str, times: int) -> bool:
    return [entry["event"] for entry in log.entries()].count(event) >= times


async def test_events_are_taken_in_the_order_in_which_they_were_stored(database: Database) -> None:
    ids = [event_id for _ in range(10) for event_id in await store(database)]
    assert [str(event.id) for event in await take(database, 10)] == ids


async def test_who_takes_an_event_has_it_alone(database: Database) -> None:
    await store(database, 20)
    taken = await asyncio.gather(*(take(database, 5) for _ in range(6)))
    assert len({event.id for events in taken for event in events}) == 20
    assert sum(map(len, taken)) == 20


async def test_an_event_whose_worker_died_is_taken_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LEASE", timedelta(0))
    await store(database)
    assert await take(database, 1) == await take(database, 1)


async def test_an_event_for_later_is_not_taken_now(database: Database) -> None:
    async with database.session() as session:
        enqueue(session, "thing", {}, at=NEVER)
        await session.commit()
    assert await take(database, 1) == []


async def test_an_event_handled_by_two_at_once_has_its_effect_once(database: Database) -> None:
    """On PostgreSQL its effects elsewhere, too: the second waits for the first."""
    (event_id,) = await store(database)
    event = Event(UUID(event_id), "thing", {})
    held = Held()
    both = [asyncio.create_task(handle(database, {"thing": held}, event)) for _ in range(2)]
    # Time for both to begin, if they may.
    await asyncio.wait(both, timeout=0.2)
    held.go_on.set()
    results = await asyncio.gather(*both, return_exceptions=True)
    assert await effects(database) == [event_id]
    if database.engine.dialect.name == "postgresql":
        assert held.handled == [event_id]
        assert results == [None, None]


async def test_old_events_are_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (done,) = await store(database)
    (waiting,) = await store(database)
    await handle(database, {"thing": ignore}, Event(UUID(done), "thing", {}))
    await forget(database)
    assert await stored(database) == {done, waiting}
    monkeypatch.setattr(outbox, "KEPT", timedelta(0))
    await forget(database)
    assert await stored(database) == {waiting}
    async with database.session() as session:
        assert await session.get(HandledEvent, UUID(done)) is None


async def ignore(_session: AsyncSession, _event: Event) -> None: ...


async def stored(database: Database) -> set[str]:
    async with database.session() as session:
        return set(map(str, await session.scalars(select(OutboxEvent.id))))


async def test_a_failure_after_somebody_elses_success_changes_nothing(database: Database) -> None:
    (event_id,) = await store(database)
    event = Event(UUID(event_id), "thing", {})
    await handle(database, HANDLERS, event)
    await outbox.fail(database, event, RuntimeError("too late"))
    (again,) = await take(database, 1)
    await handle(database, HANDLERS, again)
    assert await effects(database) == [event_id]
    assert await take(database, 1) == []


async def test_an_event_that_is_not_in_the_outbox_any_more_can_fail(database: Database) -> None:
    await outbox.fail(database, Event(uuid4(), "thing", {}), RuntimeError("no"))


@pytest.mark.parametrize(
    ("name", "value"), [("AMQP_URL", "http://localhost"), ("AMQP_EXCHANGE", "a b")]
)
def test_a_wrong_setting_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=name):
        load_settings()
