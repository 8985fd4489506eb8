"""What a learner does first, and what CI does on the first push, in a fresh repository.

CI has one for each job: what one job leaves for the next is nothing that Git sees.
"""

import re

import pytest

from tests.repositories.repository import Repository
from tests.repositories.services import Services

TARGETS = ("setup", "run", "test", "lint", "format", "migrate", "seed", "up", "down", "contract")
LEAST_COVERAGE = 90
COVERED = re.compile(r"(?:total coverage|all files)\D*([\d.]+)\s*[%|]", re.IGNORECASE)


def is_clean(repository: Repository) -> bool:
    """Tell whether Git sees no change and no new file."""
    return repository.run("git status --porcelain") == ""


def assert_no_test_was_left_out(printed: str) -> None:
    """An exit code does not tell it."""
    assert not re.search(r"\b[1-9]\d* (skipped|xfailed|todo)", printed), printed


def test_its_workflow_has_the_jobs_that_are_run_here(repository: Repository) -> None:
    assert set(repository.workflow()) == {"lint", "test", "test-postgres", "contract", "image"}


def test_make_has_every_target(repository: Repository) -> None:
    for target in TARGETS:
        repository.run(f"make --dry-run {target}")


@pytest.mark.check("lint")
def test_the_lint_job_is_green(repository: Repository) -> None:
    repository.run_job("lint")
    assert is_clean(repository)


@pytest.mark.thorough  # the linter has asked already
@pytest.mark.check("lint")
def test_the_formatter_has_nothing_to_change(repository: Repository) -> None:
    repository.run("make format")
    assert is_clean(repository)


@pytest.mark.check("tests")
def test_the_test_job_is_green(repository: Repository, pytestconfig: pytest.Config) -> None:
    """`make test` does not measure coverage, where that takes as long as the tests themselves."""
    all_of_it = pytestconfig.getoption("--table")
    unmeasured = {} if all_of_it else repository.stack["ci"].get("unmeasured", {})
    printed = repository.run_job("test", **unmeasured)
    if not unmeasured:
        covered = COVERED.search(printed)
        assert covered, printed
        assert float(covered[1]) >= LEAST_COVERAGE
    assert_no_test_was_left_out(printed)
    assert is_clean(repository)


@pytest.mark.thorough  # the same tests once more; from outside `make test` asks on the services
@pytest.mark.check("tests, services")
def test_the_test_job_with_services_is_green(repository: Repository, services: Services) -> None:
    """The job's own servers would listen on their usual ports; ours answer the same."""
    ours = {"TEST_DATABASE_URL": services.postgres.database()}
    ours |= services.others("postgresql", prefix="TEST_")
    job = repository.workflow()["test-postgres"]
    theirs = {name: value for name, value in job["env"].items() if name.startswith("TEST_")}
    schemes = {name: value.partition(":")[0] for name, value in theirs.items()}
    assert schemes == {name: value.partition(":")[0] for name, value in ours.items()}
    assert_no_test_was_left_out(repository.run_job("test-postgres", **ours))
    assert is_clean(repository)


@pytest.mark.check("contract")
def test_the_contract_job_is_green(repository: Repository) -> None:
    assert "PASS" in repository.run_job("contract")
    assert is_clean(repository)


def test_setup_migrates_and_seeds_and_leaves_git_clean(repository: Repository) -> None:
    repository.run("make setup")
    assert is_clean(repository)
