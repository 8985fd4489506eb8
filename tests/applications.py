"""Generated applications that tests start, stop, kill and start again."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.servers import free_port
from tests.web import Answer, ask, status

READY_SECONDS = 30.0
STOP_SECONDS = 40.0


class Process:
    """One process; what it prints is added to its log each time it is started.

    Args:
        folder: Where it runs.
        lines: Command lines; the last one is the process.
        environment: All of its environment.
        log: File for what it prints.
        most_bytes: No file may become larger, as on a disk that is full.
    """

    def __init__(
        self,
        folder: Path,
        lines: list[str],
        environment: Mapping[str, str],
        log: Path,
        most_bytes: int | None = None,
    ) -> None:
        self.log = log
        self.most_bytes = most_bytes
        self._folder = folder
        self._line = " && ".join([*lines[:-1], f"exec {lines[-1]}"])
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def printed(self) -> str:
        """What it has printed so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def start(self) -> None:
        """Start it."""
        # A disk that is full is an error to handle, not a signal to die of.
        line = self._line if self.most_bytes is None else f"trap '' XFSZ; {self._line}"
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                ["sh", "-c", line],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self._limit if self.most_bytes is not None else None,  # noqa: PLW1509
            )

    def _limit(self) -> None:
        assert self.most_bytes is not None
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.most_bytes, resource.RLIM_INFINITY))

    def stop(self) -> None:
        """Ask it to end, as an orchestrator does, and wait until it has.

        Raises:
            AssertionError: It did not end, or not cleanly.
        """
        if self._process is None:
            return
        self.signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it did not end after SIGTERM\n{self.printed}") from None
        self._process = None
        assert code in {0, -signal.SIGTERM, 128 + signal.SIGTERM}, f"{code}\n{self.printed}"

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and all that it has started."""
        assert self._process is not None
        os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        if self._process is not None:
            self.signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


class Application:
    """An application that serves HTTP, and the processes which its idea has beside that one.

    Args:
        repository: The folder of the generated repository.
        lines: The stack's start command lines.
        others: Names and command lines of the further processes.
        ready: Path of the readiness endpoint.
        environment: The environment of all processes; PORT is chosen here.
        log: File for what the web process prints; the others print beside it.
    """

    def __init__(
        self,
        repository: Path,
        lines: list[str],
        others: Mapping[str, list[str]],
        ready: str,
        environment: Mapping[str, str],
        log: Path,
        most_bytes: int | None = None,
    ) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.log = log
        self.environment = {**environment, "HOST": "127.0.0.1", "PORT": str(port)}
        self.web = Process(repository, lines, self.environment, log, most_bytes)
        self.others = {
            name: Process(repository, command, environment, log.with_name(f"{log.name}-{name}"))
            for name, command in others.items()
        }
        self._ready = ready

    @property
    def processes(self) -> list[Process]:
        """All of its processes."""
        return [*self.others.values(), self.web]

    @property
    def services(self) -> dict[str, str]:
        """The variables that say where its database and other services are."""
        names = ("DATABASE_URL", "REDIS_URL", "AMQP_URL")
        return {name: self.environment[name] for name in names if name in self.environment}

    @property
    def database(self) -> str:
        """The URL of its database."""
        return self.environment["DATABASE_URL"]

    @property
    def printed(self) -> str:
        """What all processes have printed so far."""
        return "".join(process.printed for process in self.processes)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        """Send a request to it; see tests.web.ask."""
        return ask(method, self.address + path, body, headers, **options)

    def start(self) -> None:
        """Start all processes that do not run, and wait until it is ready."""
        for process in self.processes:
            if not process.is_running:
                process.start()
        self.wait_until_ready()

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until the readiness endpoint says so.

        Raises:
            AssertionError: A process has ended, or it takes too long.
        """
        deadline = time.monotonic() + seconds
        while status(self.address + self._ready) != 200:
            assert time.monotonic() < deadline, self.printed
            assert self.web.is_running, self.printed
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop all processes as an orchestrator does; each must end cleanly."""
        try:
            self.web.stop()
            for process in self.others.values():
                process.stop()
        finally:
            self.kill()

    def kill(self) -> None:
        """End all processes at once."""
        for process in self.processes:
            process.kill()
