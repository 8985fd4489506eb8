"""The running application, held to its contract from outside, on both databases."""

import re
import sys
from pathlib import Path

from openapi_spec_validator import validate

from tests.repositories.conftest import Repository
from tests.servers import ask


def test_the_collection_passes(repository: Repository, address: str) -> None:
    printed = repository.run("node api/contract.mjs", BASE_URL=address)
    assert re.search(r"PASS", printed), printed


def test_schemathesis_finds_nothing(repository: Repository, address: str) -> None:
    """All checks and phases, at least 50 examples for each operation."""
    schemathesis = Path(sys.executable).with_name("st")
    repository.run(
        f"{schemathesis} --no-color run docs/openapi.yaml --url {address}"
        " --checks all --max-examples 50 --seed 1 --generation-deterministic"
    )


def test_the_served_document_is_valid(address: str) -> None:
    validate(ask("GET", f"{address}/openapi.json").json)
