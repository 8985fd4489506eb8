"""What breaks in operation: the application says so, loses nothing, and works again by itself.

The idea's main read and write are what is asked for meanwhile.
"""

import re
import signal
import sqlite3
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.applications import Application
from tests.load import Load
from tests.repositories.caller import LEAKS
from tests.repositories.conftest import Start
from tests.repositories.document import Document, Operation
from tests.repositories.idea import Request
from tests.repositories.repository import Repository
from tests.repositories.services import Database, Services
from tests.web import Answer, ask

pytestmark = pytest.mark.check("faults")

# As long as an orchestrator waits until it gives up a process that is not ready.
READY_SECONDS = 30
# Enough for some hundred small rows, and for the files that a database makes as it starts; some
# thousand rows where the largest file is not the one that grows.
SPARE_BYTES = 256 * 1024
MOST_WRITES = 20_000
FULL_SECONDS = 240
AFTERWARDS = 50


class Subject:
    """An application of which something breaks, with requests that may be sent at any time."""

    def __init__(
        self, repository: Repository, services: Services, application: Application
    ) -> None:
        conformance = repository.conformance
        assert conformance.read, "idea.yml has no conformance: read"
        assert conformance.write, "idea.yml has no conformance: write"
        self.application = application
        self._document = Document.read(repository.path / "docs" / "openapi.yaml")
        self._read, self._write = conformance.read, conformance.write
        self._services = services
        self._headers = conformance.headers(application)
        self._acknowledged: list[Answer] = []  # threads may append to it
        first = self.write()
        assert first.status < 300, f"the main write: {first.status} {first.body!r}"
        self._before = self._rows() - 1 if first.headers["Location"] is None else 0

    def read(self) -> Answer:
        """Send the main read."""
        return self._send(self._read)

    def write(self) -> Answer:
        """Send the main write, and remember when it succeeds."""
        answer = self._send(self._write)
        if answer.status < 300:
            self._acknowledged.append(answer)
        return answer

    def _send(self, request: Request) -> Answer:
        new = request.fresh()
        return self.application.ask(new.method, new.path, new.body, self._headers)

    def _rows(self) -> int:
        """Count the rows of the table that the main write adds to."""
        count = f"SELECT count(*) FROM {self._write.table}"  # noqa: S608 - ours
        database = self.application.database
        if database.startswith("postgresql:"):
            return int(self._services.postgres.query(database, count))
        with sqlite3.connect(database.removeprefix("sqlite:///")) as connection:
            found: int = connection.execute(count).fetchone()[0]
        connection.close()
        return found

    def assert_nothing_is_lost(self) -> None:
        """What was acknowledged is there; more may be, where only the answer was lost.

        It is asked for by its Location; where the idea has none, the rows are counted.
        """
        assert self._acknowledged
        places = [answer.headers["Location"] for answer in self._acknowledged]
        if None in places:
            assert self._rows() - self._before >= len(self._acknowledged)
            return

        def found(place: str) -> bool:
            url = urljoin(self.application.address, place)
            return ask("GET", url, headers=self._headers).status < 400

        with ThreadPoolExecutor(8) as pool:
            lost = [
                place
                for place, there in zip(places, pool.map(found, places), strict=True)
                if not there
            ]
        assert not lost, f"{len(lost)} of {len(places)}: {lost[:3]}"

    def assert_works(self) -> None:
        """After some requests, so that no connection of a pool has a grudge."""
        self.application.wait_until_ready(READY_SECONDS)
        with Load(self.read, clients=4) as reads, Load(self.write, clients=4) as writes:
            for load in (reads, writes):
                load.wait_for(AFTERWARDS)
        for load in (reads, writes):
            assert max(load.statuses) < 400, load.statuses
            assert not load.unanswered

    def assert_documented(self, load: Load, *, allowed: set[int]) -> None:
        """Failures have the documented form and one of the allowed statuses."""
        failed = [answer for _, answer in load.answers if answer.status >= 500]
        assert {answer.status for answer in failed} <= allowed, load.statuses
        for answer in failed:
            assert not LEAKS.search(answer.body.decode("utf-8", "replace")), answer.body
        operations = self._operations()
        for answer in {answer.body: answer for answer in failed}.values():
            told = [operation.response(answer.status) for operation in operations]
            assert any(told), f"{answer.status} is not documented: {answer.body!r}"

    def _operations(self) -> list[Operation]:
        """Return the documented operations of the main requests."""

        def is_of(operation: Operation, request: Request) -> bool:
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(operation.path))
            path = request.path.partition("?")[0]
            return operation.method == request.method and bool(re.fullmatch(pattern, path))

        every = self._document.operations.values()
        return [o for o in every if is_of(o, self._read) or is_of(o, self._write)]


@pytest.fixture
def subject(repository: Repository, services: Services, start: Start) -> Callable[..., Subject]:
    """Start an application for a test to break."""

    def make(
        database: Database, environment: Mapping[str, str] | None = None, **options: int
    ) -> Subject:
        return Subject(repository, services, start(database, environment, **options))

    return make


def test_the_database_goes_and_comes_back(
    subject: Callable[..., Subject], services: Services
) -> None:
    """While it is gone what needs it gets a documented 503, and soon; the process stays alive."""
    broken = subject("postgresql")
    live, ready = (services.repository.stack["probes"][name] for name in ("live", "ready"))
    with Load(broken.read) as reads, Load(broken.write) as writes:
        services.postgres.stop()
        try:
            for load in (reads, writes):
                load.wait_for(len(load.answers) + AFTERWARDS)
            assert broken.application.ask("GET", live).status == 200
            answer = broken.application.ask("GET", ready)
            assert answer.status == 503
            assert not LEAKS.search(answer.body.decode()), answer.body
        finally:
            services.postgres.start()
        broken.application.wait_until_ready(READY_SECONDS)
    for load in (reads, writes):
        broken.assert_documented(load, allowed={503})
        assert not load.unanswered, load.unanswered[:3]
    assert writes.statuses[503]  # reads may be answered from a cache
    broken.assert_works()
    broken.assert_nothing_is_lost()


@pytest.mark.parametrize("service", ["redis", "rabbitmq"])
def test_another_service_goes_and_comes_back(
    service: str, subject: Callable[..., Subject], services: Services
) -> None:
    """The main requests go on without it, or say 503; afterwards everything works."""
    server = services.server(service)
    broken = subject("postgresql")
    with Load(broken.read) as reads, Load(broken.write) as writes:
        server.stop()
        try:
            for load in (reads, writes):
                load.wait_for(len(load.answers) + AFTERWARDS)
        finally:
            server.start()
    for load in (reads, writes):
        broken.assert_documented(load, allowed={503})
        assert not load.unanswered, load.unanswered[:3]
    broken.assert_works()
    broken.assert_nothing_is_lost()


def size_of_largest_file(folder: Path) -> int:
    return max(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.thorough  # it is about the embedded database
def test_the_disk_is_full(services: Services, subject: Callable[..., Subject]) -> None:
    """A write that finds no space is refused as documented; reads go on; nothing is lost."""
    services.database("embedded")
    most = size_of_largest_file(services.folder / "prepared") + SPARE_BYTES
    # The log is a file, too, and is not what this is about.
    broken = subject("embedded", {"LOG_LEVEL": "error"}, most_bytes=most)
    with Load(broken.write, clients=2) as writes:
        deadline = time.monotonic() + FULL_SECONDS
        while max(writes.statuses) < 500:
            assert time.monotonic() < deadline, "the disk never became full"
            assert len(writes.answers) < MOST_WRITES
            time.sleep(0.02)
        writes.wait_for(len(writes.answers) + AFTERWARDS)
    broken.assert_documented(writes, allowed={503, 507})
    assert not writes.unanswered
    assert broken.read().status < 400
    broken.application.stop()
    broken.application.web.most_bytes = None
    broken.application.start()
    broken.assert_works()
    broken.assert_nothing_is_lost()


def test_a_stop_under_load_loses_nothing(
    subject: Callable[..., Subject], database: Database
) -> None:
    """Requests are answered, or never accepted; then another process takes over."""
    broken = subject(database)
    with Load(broken.write) as writes:
        stopped = time.monotonic()
        broken.application.stop()
    early = [error for begun, error in writes.unanswered if begun < stopped]
    assert not [error for error in early if "IncompleteRead" in str(error)]
    assert max(writes.statuses) < 400, writes.statuses
    broken.application.start()
    broken.assert_works()
    broken.assert_nothing_is_lost()


@pytest.mark.thorough  # a stop under load has shown nearly all of it
def test_a_kill_under_load_loses_nothing(
    subject: Callable[..., Subject], database: Database
) -> None:
    broken = subject(database)
    with Load(broken.write) as writes:
        broken.application.web.signal(signal.SIGKILL)
        broken.application.kill()
    assert max(writes.statuses) < 400, writes.statuses
    broken.application.start()
    broken.assert_works()
    broken.assert_nothing_is_lost()
