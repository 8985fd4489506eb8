"""Many requests at once: as fast as they are answered, or while something breaks."""

import asyncio
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from tests.web import Answer, Unanswered

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def request_bytes(
    method: str, address: str, path: str, body: object, headers: Mapping[str, str]
) -> bytes:
    """Return a request as it goes over the wire."""
    data = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(address).netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
    return "\r\n".join([*lines, "", ""]).encode() + data


class _Client(asyncio.Protocol):
    """One connection, which sends its next request when the last one is answered."""

    def __init__(self, make: Callable[[], bytes], until: float, statuses: Counter[int]) -> None:
        self.closed = asyncio.get_running_loop().create_future()
        self._make, self._until, self._statuses = make, until, statuses
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._make())

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, body = self._data.partition(b"\r\n\r\n")
        if not end:
            return
        length = LENGTH.search(head)
        whole = len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n") or not body
        if whole:
            self._statuses[int(head[9:12])] += 1
            self._data = b""
            if time.perf_counter() < self._until:
                self._transport.write(self._make())
            else:
                self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        self._statuses[0] += time.perf_counter() < self._until
        self.closed.set_result(None)


def throughput(
    address: str, make: Callable[[], bytes], *, seconds: float, clients: int
) -> tuple[float, Counter[int]]:
    """Send requests over some connections for some time.

    Args:
        address: Where to.
        make: Makes the bytes of one request.
        seconds: How long.
        clients: How many connections, each with one request at a time.

    Returns:
        Answers per second, and how many had each status; 0 is a connection that was lost.
    """
    statuses: Counter[int] = Counter()
    port = urlsplit(address).port or 80

    async def run() -> float:
        loop = asyncio.get_running_loop()
        start = time.perf_counter()

        def client() -> _Client:
            return _Client(make, start + seconds, statuses)

        made = await asyncio.gather(
            *(loop.create_connection(client, "127.0.0.1", port) for _ in range(clients))
        )
        await asyncio.wait_for(asyncio.gather(*(each.closed for _, each in made)), seconds + 30)
        return time.perf_counter() - start

    took = asyncio.run(run())
    return statuses.total() / took, +statuses


@dataclass
class Load:
    """Requests that go on in the background until it is stopped; each on its own connection.

    Args:
        send: Sends one request.
        clients: How many at a time.
    """

    send: Callable[[], Answer]
    clients: int = 8
    answers: list[tuple[float, Answer]] = field(default_factory=list)
    unanswered: list[tuple[float, Unanswered]] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Begin, and wait until the first requests have been answered."""
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._go_on) for _ in range(self.clients)]
        for thread in self._threads:
            thread.start()
        self.wait_for(len(self.answers) + 5 * self.clients)
        return self

    def __exit__(self, *_: object) -> None:
        """Send no more, and wait for the last answers."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, number: int, seconds: float = 30.0) -> None:
        """Wait until there has been some number of answers in all.

        Raises:
            AssertionError: There were fewer in the time.
        """
        deadline = time.monotonic() + seconds
        while len(self.answers) < number:
            assert time.monotonic() < deadline, (
                f"{len(self.answers)} answers, {self.unanswered[:3]}"
            )
            time.sleep(0.01)

    def _go_on(self) -> None:
        while not self._stopped.is_set():
            begun = time.monotonic()
            try:
                self.answers.append((begun, self.send()))
            except Unanswered as error:
                self.unanswered.append((begun, error))
                self._stopped.wait(0.02)  # nobody is there: do not spin

    @property
    def statuses(self) -> Counter[int]:
        """How many answers had each status."""
        return Counter(answer.status for _, answer in self.answers)

    @property
    def acknowledged(self) -> int:
        """How many requests succeeded."""
        return sum(number for status, number in self.statuses.items() if status < 300)
