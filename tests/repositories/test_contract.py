"""The running application, held to its contract from outside, on both databases."""

import json
import shlex
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from tests.applications import Application
from tests.repositories.repository import Repository

# What Schemathesis expects for valid data, and what says that a value is none that exists.
UNSURE = ["2xx", "3xx", 401, 403, 404, 409, 410, 412, 422, 429, "5xx"]


@pytest.mark.check("collection")
def test_the_collection_passes_twice(repository: Repository, address: str) -> None:
    """The second time shows that no request needs a database without its traces."""
    for _ in range(2):
        assert "PASS" in repository.run("node api/contract.mjs", BASE_URL=address)


def config_of(repository: Repository, folder: Path) -> Path:
    """Write what Schemathesis cannot know: which operations may refuse what the document allows.

    Their valid values depend on more than the document says: a cursor has to be one of ours.
    """
    unsure = [name for name, given in repository.conformance.requests.items() if "unsure" in given]
    file = folder / "schemathesis.toml"
    file.write_text(
        f"[[operations]]\ninclude-operation-id = {json.dumps(unsure)}\n"
        f"checks.positive_data_acceptance.expected-statuses = {json.dumps(UNSURE)}\n"
        if unsure
        else ""
    )
    return file


@pytest.mark.check("schemathesis")
def test_schemathesis_finds_nothing(
    repository: Repository, application: Application, headers: dict[str, str], tmp_path: Path
) -> None:
    """All checks and phases, at least 50 examples for each operation."""
    schemathesis = str(Path(sys.executable).with_name("st"))
    line = [schemathesis, "--config-file", str(config_of(repository, tmp_path)), "--no-color"]
    line += ["run", "docs/openapi.yaml", "--url", application.address]
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
