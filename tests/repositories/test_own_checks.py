"""What a learner does first: the repository's own commands, in a fresh clone of it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repositories.conftest import Repository
from tests.servers import PostgreSQL

TARGETS = ("setup", "run", "test", "lint", "format", "migrate", "seed", "up", "down", "contract")


@pytest.fixture
def clone(repository: Repository, tmp_path: Path) -> Repository:
    """A fresh clone."""
    return repository.clone(tmp_path)


def is_clean(repository: Repository) -> bool:
    """Tell whether Git sees no change and no new file."""
    return repository.run("git status --porcelain") == ""


def test_make_has_every_target(repository: Repository) -> None:
    for target in TARGETS:
        repository.run(f"make --dry-run {target}")


def test_setup_migrates_and_seeds_and_leaves_git_clean(clone: Repository) -> None:
    clone.run("make setup")
    clone.run("make migrate")
    clone.run("make seed")
    assert is_clean(clone)


def test_lint_passes(clone: Repository) -> None:
    clone.run("make lint")
    assert is_clean(clone)


def test_the_formatter_has_nothing_to_change(clone: Repository) -> None:
    clone.run("make format")
    assert is_clean(clone)


def test_its_tests_pass_with_their_coverage(clone: Repository) -> None:
    printed = clone.run("make test")
    covered = re.search(r"total coverage: ([\d.]+)%", printed, re.IGNORECASE)
    assert covered, printed
    assert float(covered[1]) >= 90
    assert not re.search(r"\d+ (skipped|xfailed)", printed)
    assert is_clean(clone)


def test_its_tests_pass_on_postgresql(clone: Repository, postgres: PostgreSQL) -> None:
    clone.run("make test", TEST_DATABASE_URL=postgres.database())


def test_its_contract_is_kept(clone: Repository) -> None:
    printed = clone.run("make contract")
    assert "PASS" in printed, printed
    assert is_clean(clone)


JOBS = {"lint", "test", "test-postgres", "contract", "image"}


def workflow(repository: Repository) -> dict[str, Any]:
    """Return the jobs of the CI workflow."""
    text = (repository.path / ".github/workflows/ci.yml").read_text("utf-8")
    jobs: dict[str, Any] = yaml.safe_load(text)["jobs"]
    return jobs


def test_its_workflow_has_the_jobs_that_are_run_here(repository: Repository) -> None:
    assert set(workflow(repository)) == JOBS


def run_job(clone: Repository, name: str, **environment: str) -> None:
    """Execute the `run:` lines of a job in order, as CI does after its `uses:` steps."""
    job = workflow(clone)[name]
    for step in job["steps"]:
        if "run" in step:
            added = {"CI": "true", **job.get("env", {}), **step.get("env", {}), **environment}
            clone.run(f"set -e\n{step['run']}", **added)


@pytest.mark.parametrize("name", sorted(JOBS - {"image", "test-postgres"}))
def test_a_job_of_its_workflow_is_green(clone: Repository, name: str) -> None:
    run_job(clone, name)


def test_the_postgresql_job_is_green(clone: Repository, postgres: PostgreSQL) -> None:
    """The job's own server would listen on its usual port; ours answers the same."""
    assert workflow(clone)["test-postgres"]["env"]["TEST_DATABASE_URL"].startswith("postgresql:")
    run_job(clone, "test-postgres", TEST_DATABASE_URL=postgres.database())


@pytest.mark.container
@pytest.mark.usefixtures("engine")
def test_the_image_job_is_green(clone: Repository) -> None:
    run_job(clone, "image")
