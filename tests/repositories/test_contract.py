"""The running application, held to its contract from outside, on both databases."""

import json
import shlex
import sys
from collections.abc import Mapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.applications import Application
from tests.repositories.document import Document
from tests.repositories.repository import Repository

# What Schemathesis takes for the answers to a valid request, and the refusals of unsure fields.
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "422", "429", "5xx"]


@pytest.mark.check("collection")
@pytest.mark.databases("postgresql")
@pytest.mark.thorough
def test_the_collection_passes_twice(repository: Repository, address: str) -> None:
    """The second time shows that no request needs a database without its traces.

    On the embedded database it is the contract job that sends it.
    """
    for _ in range(2):
        assert "PASS" in repository.run("node api/contract.mjs", BASE_URL=address)


def keys(document: Document, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the document's security schemes that are cookies or plain headers.

    Schemathesis leaves them out where a request should be refused. As an option a header would be
    sent there too.
    """
    cookies = SimpleCookie(headers.get("Cookie", ""))
    sent = {name: morsel.value for name, morsel in cookies.items()} | dict(headers)
    schemes = document.data["components"].get("securitySchemes", {})
    return {
        name: sent[scheme["name"]]
        for name, scheme in schemes.items()
        if scheme["type"] == "apiKey" and scheme["name"] in sent
    }


def configuration(values: Mapping[str, str], requests: Mapping[str, Any]) -> str:
    """Return what Schemathesis has to know beside the repository's own schemathesis.toml.

    The values of security schemes; and an operation with `unsure` fields may refuse what the
    document allows.
    """
    lines = [""]
    for name, value in values.items():
        lines += [f"[auth.openapi.{name}]", f"api_key = {json.dumps(value)}"]
    for name, given in requests.items():
        if given.get("unsure"):
            lines += ["[[operations]]", f"include-operation-id = {json.dumps(name)}"]
            lines += [f"checks.positive_data_acceptance.expected-statuses = {ACCEPTED}"]
    return "\n".join(lines)


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> int:
    """How many requests Schemathesis makes up for each operation: fewer in `make test`."""
    return 50 if request.config.getoption("--table") else 10


@pytest.mark.check("schemathesis")
def test_schemathesis_finds_nothing(
    repository: Repository,
    application: Application,
    headers: dict[str, str],
    tmp_path: Path,
    examples: int,
) -> None:
    """All checks and phases."""
    values = keys(Document.read(repository.path / "docs/openapi.yaml"), headers)
    file = tmp_path / "schemathesis.toml"
    own = repository.path / "schemathesis.toml"
    known = own.read_text("utf-8") if own.exists() else ""
    file.write_text(known + configuration(values, repository.conformance.requests), "utf-8")
    schemathesis = str(Path(sys.executable).with_name("st"))
    line = [schemathesis, "--config-file", str(file), "--no-color", "run"]
    line += [str(repository.path / "docs/openapi.yaml"), "--url", application.address]
    line += ["--checks", "all", "--max-examples", str(examples), "--seed", "1"]
    line += ["--generation-deterministic"]
    for name, value in headers.items():
        if value not in values.values() and not (name == "Cookie" and values):
            line += ["--header", f"{name}: {value}"]
    for operation in repository.conformance.excluded:
        line += ["--exclude-operation-id", operation]
    # It keeps what it has seen where it runs.
    repository.run(f"cd {shlex.quote(str(tmp_path))} && {shlex.join(line)}")


@pytest.mark.check("schemathesis")
def test_the_served_document_is_valid(application: Application) -> None:
    validate(application.ask("GET", "/openapi.json").json)
