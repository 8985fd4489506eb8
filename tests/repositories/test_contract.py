"""The running application, held to its contract from outside, on both databases."""

import shlex
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from tests.applications import Application
from tests.repositories.repository import Repository


@pytest.mark.check("collection")
def test_the_collection_passes_twice(repository: Repository, address: str) -> None:
    """The second time shows that no request needs a database without its traces."""
    for _ in range(2):
        assert "PASS" in repository.run("node api/contract.mjs", BASE_URL=address)


@pytest.mark.check("schemathesis")
def test_schemathesis_finds_nothing(
    repository: Repository, application: Application, headers: dict[str, str]
) -> None:
    """All checks and phases, at least 50 examples for each operation."""
    schemathesis = str(Path(sys.executable).with_name("st"))
    line = [schemathesis, "--no-color", "run", "docs/openapi.yaml", "--url", application.address]
    line += ["--checks", "all", "--max-examples", "50", "--seed", "1"]
    line += ["--generation-deterministic"]
    for name, value in headers.items():
        line += ["--header", f"{name}: {value}"]
    for operation in repository.conformance.excluded:
        line += ["--exclude-operation-id", operation]
    repository.run(shlex.join(line))


@pytest.mark.check("schemathesis")
def test_the_served_document_is_valid(application: Application) -> None:
    validate(application.ask("GET", "/openapi.json").json)
