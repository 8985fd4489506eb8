"""Servers that tests start and stop: PostgreSQL, Redis, RabbitMQ.

Each lives in a folder that is thrown away, listens on a port of its own, and comes back at the
same port when it is stopped and started again: PostgreSQL and RabbitMQ with what they had.
"""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

READY_SECONDS = 60.0
# What a connection says about itself rather than about data.
HOUSEKEEPING = re.compile(
    r"(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|RESET|DISCARD|DEALLOCATE)"
    r"\b"
    r"|;?\s*$|SELECT 1\s*;?\s*$|SELECT pg_catalog\.version\(\)|SELECT current_schema\(\)",
    re.IGNORECASE,
)


def free_port() -> int:
    """Return a port on the loopback address that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_open(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until somebody listens on a port.

    Raises:
        AssertionError: The process that should listen has ended, or takes too long.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not is_open(port):
        assert process.poll() is None, log.read_text("utf-8", "replace")
        assert time.monotonic() < deadline, log.read_text("utf-8", "replace")
        time.sleep(0.05)


def is_open(port: int) -> bool:
    """Tell whether somebody listens on a port."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_until_closed(port: int) -> None:
    """Wait until nobody listens on a port."""
    deadline = time.monotonic() + READY_SECONDS
    while is_open(port):
        assert time.monotonic() < deadline
        time.sleep(0.02)


class PostgreSQL:
    """A cluster of our own.

    PostgreSQL refuses to run as root, so under root it runs as the user `postgres`, whom
    Debian's package makes.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.user = "owner"
        self._folder = Path(tempfile.mkdtemp(prefix="scaffold-postgres-"))
        self._log = self._folder / "log"
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
        options += " -c log_line_prefix='%d|'"
        self._run("pg_ctl", "-D", str(data), "-o", options, "-l", str(self._log), "-w", "start")

    def stop(self) -> None:
        """Stop it at once."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def close(self) -> None:
        """Stop it and throw its folder away."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _connection(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", self.user]

    def database(self, like: str = "") -> str:
        """Make a database and return its URL: an empty one, or a copy of one with a URL."""
        name = f"test_{uuid4().hex}"
        template = [f"--template={like.rpartition('/')[2]}"] if like else []
        self._run("createdb", *self._connection, *template, name)
        return f"postgresql://{self.user}:owner@127.0.0.1:{self.port}/{name}"

    def query(self, database: str, sql: str) -> str:
        """Run SQL in a database with a URL; return the values, without decoration."""
        name = database.rpartition("/")[2]
        options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        return self._run("psql", *self._connection, *options, "-d", name, "-c", sql).strip()

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the statements that clients send; the list is filled at the end.

        Those that only open and close transactions or look after a connection are left out.
        """
        self._log_statements("all")
        start = self._log.stat().st_size
        found: list[str] = []
        try:
            yield found
        finally:
            with self._log.open("rb") as log:
                log.seek(start)
                text = log.read().decode("utf-8", "replace")
            self._log_statements("none")
            # A statement of several lines goes on with lines that begin with a tab.
            pattern = r"^[^|\n]*\|LOG:  (?:statement|execute [^:\n]*): (.*(?:\n\t.*)*)"
            texts = (match[1].strip() for match in re.finditer(pattern, text, re.MULTILINE))
            found += [text for text in texts if not HOUSEKEEPING.match(text)]

    def _log_statements(self, which: str) -> None:
        database = f"postgresql://{self.user}@127.0.0.1:{self.port}/postgres"
        self.query(database, f"ALTER SYSTEM SET log_statement = '{which}'")
        self.query(database, "SELECT pg_reload_conf()")
        # The server has told all its connections when a new one sees it.
        deadline = time.monotonic() + READY_SECONDS
        while self.query(database, "SHOW log_statement") != which:
            assert time.monotonic() < deadline


# A test run takes some hundreds.
MOST_DATABASES = 10_000


class Redis:
    """A Redis of our own; it comes back empty, as one that nobody told to keep anything."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="scaffold-redis-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = iter(range(MOST_DATABASES))

    def database(self) -> str:
        """Return the URL of a database in it that nobody has used yet."""
        return f"redis://127.0.0.1:{self.port}/{next(self._numbers)}"

    def start(self) -> None:
        """Start it."""
        log = self._folder / "log"
        options = {
            "port": self.port,
            "databases": MOST_DATABASES,
            "bind": "127.0.0.1",
            "dir": self._folder,
            "save": "",
        }
        line = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                ["redis-server", *line], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        wait_until_open(self.port, self._process, log)

    def stop(self) -> None:
        """Stop it at once."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stop it and throw its folder away."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


class RabbitMQ:
    """A RabbitMQ of our own; every folder, port and name that its node has by default is set.

    Debian's `rabbitmq-server` changes to the user `rabbitmq` and its folders, so the script
    behind it is used.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="scaffold-rabbitmq-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count()
        none = str(self._folder / "none")
        self._environment = {
            **os.environ,
            "HOME": str(self._folder),  # where Erlang keeps the cookie that its programs share
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(free_port()),
            "RABBITMQ_NODENAME": "scaffold@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_CONFIG_FILE": none,
            "RABBITMQ_CONF_ENV_FILE": none,
            "RABBITMQ_ENABLED_PLUGINS_FILE": none,
        }

    def _program(self, name: str) -> str:
        behind = Path("/usr/lib/rabbitmq/bin") / name
        return str(behind) if behind.exists() else name

    def start(self) -> None:
        """Start it."""
        log = self._folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [self._program("rabbitmq-server")],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_until_open(self.port, self._process, log)

    def stop(self) -> None:
        """Stop it at once."""
        if self._process:
            # The script, and the virtual machine that it has started.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            wait_until_closed(self.port)
        # Erlang's port mapper is a daemon and remembers the node.
        self._run("epmd", "-kill")

    def close(self) -> None:
        """Stop it and throw its folder away."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def virtual_host(self) -> str:
        """Make an empty virtual host and return its URL."""
        name = f"test{next(self._names)}"
        every = ", ".join(['<<".*">>'] * 3)
        self._run(
            self._program("rabbitmqctl"),
            "eval",
            f'rabbit_vhost:add(<<"{name}">>, <<"test">>), rabbit_auth_backend_internal:'
            f'set_permissions(<<"guest">>, <<"{name}">>, {every}, <<"test">>).',
        )
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{name}"

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0 or command[0] == "epmd", done.stdout + done.stderr
