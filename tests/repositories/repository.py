"""A generated repository, and how its stack is used: all that is known of it is data."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from scaffold.catalog import read_yaml
from tests.applications import Application
from tests.combinations import CATALOG, Combination
from tests.repositories.idea import Conformance
from tests.toy import CHECKOUT

# What would lead a generated repository's tools to this project's environment, or keep them from
# remembering what they have compiled.
OURS = {
    "COV_CORE_SOURCE",
    "PYTEST_ADDOPTS",
    "PYTEST_CURRENT_TEST",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "VIRTUAL_ENV",
}
# A command that takes longer hangs: better a red test than a run that never ends.
MOST_SECONDS = 600
BARE = CHECKOUT / "dev" / "bare"


def clean_environment() -> dict[str, str]:
    """Return the environment without what belongs to this project's tests."""
    return {name: value for name, value in os.environ.items() if name not in OURS}


def bare_data(stack: str) -> dict[str, Any]:
    """Return what dev/bare/<stack>/bare.yml says, with its folder filled in; {} without one."""
    path = BARE / stack / "bare.yml"
    return read_yaml(path) if path.exists() else {}


def shared_caches(stack: str, folder: Path) -> dict[str, str]:
    """Return variables by which all repositories of a stack share what its tools keep.

    Args:
        stack: Its name.
        folder: Where it is kept; no two processes may use one folder at a time.
    """
    caches = bare_data(stack).get("caches", {})
    return {name: str(value).format(folder=folder) for name, value in caches.items()}


@dataclass(frozen=True)
class Repository:
    """A generated repository.

    Args:
        path: Where it is.
        combination: What it is.
        caches: Variables by which its tools find what they share with other repositories.
    """

    path: Path
    combination: Combination
    caches: Mapping[str, str] = field(default_factory=dict)

    @property
    def idea(self) -> dict[str, Any]:
        """The idea's data, with that of its parts."""
        data: dict[str, Any] = self._context["idea"]
        return data

    @property
    def stack(self) -> dict[str, Any]:
        """The stack's data for this idea."""
        data: dict[str, Any] = self._context["stack"]
        return data

    @property
    def _context(self) -> dict[str, Any]:
        return CATALOG.context(self.combination.idea, self.combination.stack)

    @property
    def conformance(self) -> Conformance:
        """What the idea says to the harness."""
        return Conformance(self.idea.get("conformance", {}))

    @property
    def services(self) -> set[str]:
        """The servers that the idea names."""
        return set(self.idea.get("services", []))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of what runs in it."""
        return {**clean_environment(), **self.caches}

    def run(self, line: str, **environment: str) -> str:
        """Run a command line in it and return what it printed; it must succeed."""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.path,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=MOST_SECONDS,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}"
        return done.stdout

    def workflow(self) -> dict[str, Any]:
        """Return the jobs of its CI workflow."""
        text = (self.path / ".github/workflows/ci.yml").read_text("utf-8")
        jobs: dict[str, Any] = yaml.safe_load(text)["jobs"]
        return jobs

    def run_job(self, name: str, *, before: str = "", **environment: str) -> str:
        """Execute the `run:` lines of a job in order, as CI does after its `uses:` steps.

        Without those that install the libraries: `install` does that, once for all jobs.

        Args:
            name: Its key in the workflow.
            before: Stop before the step with this line.
            environment: More variables than the job's own.

        Returns:
            What the steps printed.
        """
        job = self.workflow()[name]
        printed = ""
        for step in job["steps"]:
            if before and step.get("run") == before:
                break
            # `if: failure()` is for a job that failed.
            if "run" in step and "if" not in step and step["run"] not in self._installing:
                added = {"CI": "true", **job.get("env", {}), **step.get("env", {}), **environment}
                printed += self.run(f"set -e\n{step['run']}", **added)
        return printed

    def install(self) -> None:
        """Install the locked libraries as CI does, where the stack keeps them in the repository."""
        for line in self._installing:
            self.run(line)

    @property
    def _installing(self) -> list[str]:
        """The lines by which each job of CI begins with the libraries."""
        return [step["run"] for step in self.stack["ci"]["setup"] if "run" in step]

    def clone(self, folder: Path) -> "Repository":
        """Clone it, as somebody who has nothing but its URL."""
        path = folder / "clone"
        self.run(f"git clone --quiet . {shlex.quote(str(path))}")
        return replace(self, path=path)

    def commands(self, name: str) -> str:
        """Return the stack's command lines of a name as one line."""
        lines: list[str] = self.stack["commands"][name]
        return " && ".join(lines)

    def application(
        self,
        environment: Mapping[str, str],
        log: Path,
        *,
        processes: bool = True,
        most_bytes: int | None = None,
    ) -> Application:
        """Return the application with variables; the database is migrated already."""
        names = self.idea.get("processes", []) if processes else []
        return Application(
            self.path,
            self.stack["commands"]["start"],
            {name: self.stack["commands"][name] for name in names},
            self.stack["probes"]["ready"],
            {**self.environment, **self.conformance.environment, **environment},
            log,
            most_bytes,
        )
