"""Repositories made by the real command, set up once for each combination."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.combinations import AUTHOR, CATALOG, COMBINATIONS, Combination
from tests.servers import PostgreSQL, serving

# What would lead a generated repository's tools to this project's environment.
OURS = {"VIRTUAL_ENV", "PYTHONPATH", "PYTEST_CURRENT_TEST", "COV_CORE_SOURCE"}
# A command that takes longer hangs: better a red test than a run that never ends.
MOST_SECONDS = 600


@dataclass(frozen=True)
class Repository:
    """A generated repository, and how its stack is used.

    Args:
        path: Where it is.
        combination: What it is.
        stack: The stack's data for this idea.
    """

    path: Path
    combination: Combination
    stack: dict[str, Any]

    def run(self, line: str, **environment: str) -> str:
        """Run a command line in it and return what it printed; it must succeed."""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.path,
            env=clean_environment() | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=MOST_SECONDS,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}"
        return done.stdout

    def clone(self, folder: Path) -> "Repository":
        """Clone it, as somebody who has nothing but its URL."""
        path = folder / "clone"
        self.run(f"git clone --quiet . {shlex.quote(str(path))}")
        return Repository(path, self.combination, self.stack)

    def commands(self, name: str) -> str:
        """Return the stack's command lines of a name as one line."""
        lines: list[str] = self.stack["commands"][name]
        return " && ".join(lines)

    def embedded(self, folder: Path) -> str:
        """Return the URL of an embedded database in a folder."""
        return str(self.stack["temporary_database"]).format(directory=folder)

    def serving(self, database: str, log: Path) -> AbstractContextManager[str]:
        """Migrate a database and start the application on it; gives its address."""
        self.run(self.commands("migrate"), DATABASE_URL=database)
        lines = self.stack["commands"]["start"]
        ready = self.stack["probes"]["ready"]
        return serving(self.path, lines, ready, {"DATABASE_URL": database}, log)


def clean_environment() -> dict[str, str]:
    """Return the environment without what belongs to this project's tests."""
    return {name: value for name, value in os.environ.items() if name not in OURS}


@pytest.fixture(autouse=True)
def without_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this project's environment out of what a generated repository starts."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the checks that are about one idea to that idea."""
    for item in list(items):
        call = getattr(item, "callspec", None)
        about = item.get_closest_marker("idea")
        if call and about and call.params["repository"].idea not in about.args:
            items.remove(item)


# One worker does all tests of a combination: they share a repository, and the ports on which
# its containers listen.
GROUPED = [
    pytest.param(combination, marks=pytest.mark.xdist_group(str(combination)), id=str(combination))
    for combination in COMBINATIONS
]


@pytest.fixture(scope="session", params=GROUPED)
def repository(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository as `scaffold new` makes it, with its lock."""
    combination: Combination = request.param
    folder = tmp_path_factory.mktemp("repository")
    config = folder / "gitconfig"
    config.write_text("[user]\n\tname = Ada Lovelace\n\temail = ada@example.com\n")
    environment = clean_environment() | {"GIT_CONFIG_GLOBAL": str(config)}
    command = [sys.executable, "-m", "scaffold", "new", "demo", "--json"]
    command += ["--idea", combination.idea, "--stack", combination.stack]
    command += [f"--{name.replace('_', '-')}={value}" for name, value in AUTHOR.items()]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"notes": []' in done.stdout, done.stdout  # locked and committed
    context = CATALOG.context(combination.idea, combination.stack)
    return Repository(folder / "demo", combination, context["stack"])


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A PostgreSQL that runs."""
    server = PostgreSQL()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module", params=["embedded", "postgresql"])
def address(
    request: Any,
    repository: Repository,
    postgres: PostgreSQL,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of the application, running on a migrated and seeded database."""
    folder = tmp_path_factory.mktemp("served")
    embedded = request.param == "embedded"
    database = repository.embedded(folder) if embedded else postgres.database()
    repository.run(repository.commands("migrate"), DATABASE_URL=database)
    repository.run(repository.commands("seed"), DATABASE_URL=database)
    with repository.serving(database, folder / "log") as running:
        yield running
    log = (folder / "log").read_text("utf-8")
    assert "Traceback (most recent call last)" not in log


@pytest.fixture(scope="session")
def engine() -> None:
    """A Docker engine that answers."""
    found = shutil.which("docker")
    if not found or subprocess.run([found, "version"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers: start one, and these tests run")
