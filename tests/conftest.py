"""Fixtures: a Git identity of our own, a toy catalogue, and the real command."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dev.conformance import Table
from scaffold.catalog import Catalog
from tests import toy

NAME, EMAIL = "Ada Lovelace", "ada@example.com"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose among the combinations; see tests/repositories/conftest.py."""
    group = parser.getgroup("scaffold")
    group.addoption("--idea", default="", help="only repositories of this idea")
    group.addoption("--stack", default="", help="only repositories on this stack")
    group.addoption("--table", action="store_true", help="write the results into the documents")


def pytest_configure(config: pytest.Config) -> None:
    """Collect results where all of them arrive: in the process that starts the workers."""
    if config.getoption("--table") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Table())


@pytest.fixture(autouse=True)
def own_git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give Git a configuration with an identity, and nothing of this machine's."""
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text(f"[user]\n\tname = {NAME}\n\temail = {EMAIL}\n", encoding="utf-8")
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return config


@pytest.fixture
def toy_catalog(tmp_path: Path) -> Catalog:
    """The toy catalogue."""
    return Catalog(toy.write(tmp_path / "toy" / "templates"))


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON it printed."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Command:
    """The real command over a catalogue, run in a folder.

    Args:
        source: Folder that holds the package `scaffold`.
        folder: Where it runs.
    """

    source: Path
    folder: Path

    @property
    def line(self) -> list[str]:
        """The command's first words."""
        return [sys.executable, "-m", "scaffold"]

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment to run it in."""
        return {**os.environ, "PYTHONPATH": str(self.source), **(extra or {})}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the command and return the process."""
        return subprocess.Popen(
            [*self.line, *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A run in the background ignores Ctrl-C, and what it starts would, too.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def __call__(self, *arguments: str, **extra: str) -> Ran:
        """Run the command without a terminal; keyword arguments are environment variables."""
        done = subprocess.run(
            [*self.line, *arguments],
            cwd=self.folder,
            env=self.environment(extra),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def toy_source(toy_catalog: Catalog) -> Path:
    """A copy of the package beside the toy catalogue, as in a checkout."""
    source = toy_catalog.folder.parent / "src"
    shutil.copytree(
        toy.CHECKOUT / "src" / "scaffold",
        source / "scaffold",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return source


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty folder to work in."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def scaffold(toy_source: Path, work: Path) -> Command:
    """The real command over the toy catalogue, in an empty folder."""
    return Command(toy_source, work)


@pytest.fixture
def real_scaffold(work: Path) -> Command:
    """The real command over the real catalogue, in an empty folder."""
    return Command(toy.CHECKOUT / "src", work)


@pytest.fixture
def relock(toy_catalog: Catalog) -> Callable[[str], None]:
    """Give the toy stacks another lock command."""

    def change(line: str) -> None:
        for name in ("plain", "fancy"):
            path = toy_catalog.folder / "stacks" / name / "stack.yml"
            path.write_text(toy.stack(name.title(), line), encoding="utf-8")

    return change
