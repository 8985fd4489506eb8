"""Workers that are killed in the middle of their work."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.outbox import enqueue
from tests.effects import effects
from tests.eventually import TIMEOUT, eventually
from tests.fixtures import ROOT

EVENTS = 40
Process = subprocess.Popen[bytes]


class Workers:
    """Starts workers as processes of their own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        self.processes: list[Process] = []

    def start(self) -> Process:
        process = subprocess.Popen([sys.executable, "-m", "tests.effects"], env=self.environment)
        self.processes.append(process)
        return process


class Killing:
    """What is true whichever way events go."""

    @pytest.fixture
    def environment(self) -> dict[str, str]:
        return {}

    @pytest.fixture
    def workers(
        self, database_url: str, own_settings: dict[str, Any], environment: dict[str, str]
    ) -> Iterator[Workers]:
        own = {name.upper(): str(value) for name, value in own_settings.items()}
        workers = Workers({**own, **environment, "DATABASE_URL": database_url})
        yield workers
        for process in workers.processes:
            process.kill()
            process.wait(TIMEOUT)

    async def test_every_event_has_its_effect_once(self, app: FastAPI, workers: Workers) -> None:
        database = app.state.database
        async with database.session() as session:
            ids = [str(enqueue(session, "thing", {})) for _ in range(EVENTS)]
            await session.commit()

        async def more_than(number: int) -> bool:
            return len(await effects(database)) > number

        for number in [0, 15]:
            process = workers.start()
            await eventually(lambda number=number: more_than(number))  # type: ignore[misc]
            process.kill()
            process.wait(TIMEOUT)
        process = workers.start()
        await eventually(lambda: more_than(EVENTS - 1))
        process.terminate()
        code = await asyncio.to_thread(process.wait, TIMEOUT)
        assert code == (1 if sys.platform == "win32" else 0)
        assert sorted(await effects(database)) == sorted(ids)


class TestThroughTheDatabase(Killing):
    """Without a broker the worker reads the outbox itself."""


class TestThroughTheBroker(Killing):
    """With a broker the worker relays events, and handles what the broker delivers."""

    @pytest.fixture
    def environment(self, amqp_settings: dict[str, str]) -> dict[str, str]:
        return {name.upper(): value for name, value in amqp_settings.items()}
