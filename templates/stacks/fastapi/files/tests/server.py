"""The application as a process of its own, where a test needs a real server."""

import json
import os
import queue
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

# Nobody waits longer than this for anything, in seconds.
TIMEOUT = 30


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


class Server:
    """A process that runs `python -m tests.probe` in a folder of its own.

    Args:
        environment: Environment variables for it.
        folder: Where it runs, so that it does not find the developer's .env.
        code: Where the application's code is.
    """

    def __init__(self, environment: dict[str, str], folder: Path, code: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(code),
            "PYTHONUNBUFFERED": "1",
            "PORT": str(self.port),
            "LOG_FORMAT": "json",
            **environment,
        }
        self._lines: queue.Queue[str] = queue.Queue()
        self._process: subprocess.Popen[str] | None = None

    def start(self, **environment: str) -> None:
        """Start the process and wait until it listens; what it logged before is forgotten."""
        self._lines = queue.Queue()
        self._process = self.spawn(**environment)
        arguments = (self._process, self._lines)
        threading.Thread(target=self._read, args=arguments, daemon=True).start()
        self.wait_for("Uvicorn running on")

    def spawn(self, **environment: str) -> subprocess.Popen[str]:
        """Start the process and return it."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.probe"],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @staticmethod
    def _read(process: subprocess.Popen[str], lines: "queue.Queue[str]") -> None:
        assert process.stdout
        with process.stdout:
            for line in process.stdout:
                lines.put(line)
        lines.put("")

    def wait_for(self, event: str) -> dict[str, Any]:
        """Return the next log entry whose event begins with a text."""
        while line := self._lines.get(timeout=TIMEOUT):
            entry: dict[str, Any] = json.loads(line)
            if entry["event"].startswith(event):
                return entry
        raise AssertionError(f"the server ended before it logged {event!r}")

    def terminate(self) -> None:
        """Tell the process to stop, as an orchestrator does."""
        assert self._process
        self._process.terminate()

    def wait(self) -> int:
        """Wait for the end of the process and return its exit code."""
        assert self._process
        return self._process.wait(TIMEOUT)

    def kill(self) -> None:
        """End the process whatever it does."""
        if self._process:
            self._process.kill()
            self._process.wait(TIMEOUT)
