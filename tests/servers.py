"""Servers that tests start and stop: PostgreSQL, and the generated application itself."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

READY_SECONDS = 30.0


def free_port() -> int:
    """Return a port on the loopback address that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class PostgreSQL:
    """A cluster of our own in a folder that is thrown away.

    PostgreSQL refuses to run as root, so under root it runs as the user `postgres`, whom
    Debian's package makes.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.user = "owner"
        self._folder = Path(tempfile.mkdtemp(prefix="scaffold-postgres-"))
        self._as: list[str] = []
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self._folder, account.pw_uid, account.pw_gid)
            self._as = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}"]
            self._as += ["--clear-groups"]

    def _run(self, program: str, *arguments: str) -> str:
        found = shutil.which(program) or next(
            (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))),
            program,
        )
        done = subprocess.run(
            [*self._as, found, *arguments],
            cwd=self._folder,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        """Make the cluster if there is none, and start it."""
        data = self._folder / "data"
        if not data.exists():
            self._run("initdb", "-U", self.user, "--auth=trust", "-E", "UTF8", "-D", str(data))
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._folder} -c fsync=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(data), "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        """Stop it at once."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def close(self) -> None:
        """Stop it and throw its folder away."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"test_{uuid4().hex}"
        connection = ["-h", "127.0.0.1", "-p", str(self.port), "-U", self.user]
        self._run("createdb", *connection, name)
        return f"postgresql://{self.user}:owner@127.0.0.1:{self.port}/{name}"


def get(url: str) -> tuple[int, bytes]:
    """Return the status and body of a GET; status 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - ours
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


@contextmanager
def serving(
    repository: Path, lines: list[str], ready: str, environment: Mapping[str, str], log: Path
) -> Iterator[str]:
    """Start an application and give its address when it is ready; stop it by SIGTERM.

    Args:
        repository: Where to run.
        lines: The stack's start command lines.
        ready: Path of the readiness endpoint.
        environment: Variables to add; PORT is chosen here.
        log: File for what it prints.

    Raises:
        AssertionError: It did not get ready, or did not end cleanly.
    """
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", f"exec {' && '.join(lines)}"],
            cwd=repository,
            env={**os.environ, "PORT": str(port), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + READY_SECONDS
        while get(address + ready)[0] != 200:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        code = process.wait(timeout=30)
    assert code in (0, -signal.SIGTERM, 128 + signal.SIGTERM), log.read_text()


@dataclass(frozen=True)
class Answer:
    """What a server answered; `json` is None where it sent no body."""

    status: int
    json: Any


def ask(method: str, url: str, body: object = None) -> Answer:
    """Send a request with JSON and return the answer, whatever its status."""
    request = urllib.request.Request(  # noqa: S310 - ours
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            status, data = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            status, data = error.code, error.read()
    return Answer(status, json.loads(data) if data else None)
