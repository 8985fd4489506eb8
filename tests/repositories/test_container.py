"""The image and the compose file, with a real engine: the image job, and what it leaves running."""

import json
import shlex
from collections.abc import Iterator

import pytest

from tests.repositories.repository import Repository

pytestmark = [
    pytest.mark.check("containers"),
    pytest.mark.container,
    pytest.mark.usefixtures("engine"),
]

MOST_BYTES_OVER_BASE = 200_000_000


@pytest.fixture(scope="module")
def up(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """A clone in which the image job of CI has come to its end, but has not stopped everything."""
    clone = repository.clone(tmp_path_factory.mktemp("up"))
    # All clones have one name for the engine, so what another left would be its database.
    clone.run("docker compose down --volumes")
    try:
        clone.run_job("image", before="make down")
        if clone.idea.get("collection_needs_seed"):
            seed = clone.stack["image_commands"]["seed"]
            clone.run(f"docker compose run --rm migrate {shlex.join(seed)}")
        yield clone
    finally:
        clone.run("docker compose logs > ../compose.log 2>&1")
        clone.run("docker compose down --volumes --timeout 5")


def inspect(repository: Repository, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(repository.run(f"docker image inspect {name}"))[0]
    return found


def test_the_image_is_small(up: Repository) -> None:
    base = up.run("sed -n 's/^FROM \\([^ ]*\\).*/\\1/p' Dockerfile | tail -1").strip()
    over = int(str(inspect(up, "demo")["Size"])) - int(str(inspect(up, base)["Size"]))
    assert over < MOST_BYTES_OVER_BASE


def test_every_service_is_healthy_or_done(up: Repository) -> None:
    lines = up.run("docker compose ps --all --format json").strip()
    services = json.loads(lines) if lines.startswith("[") else map(json.loads, lines.splitlines())
    states = {s["Service"]: s["Health"] or f"{s['State']} {s['ExitCode']}" for s in services}
    once = ("certificates", "migrate")
    servers = {"postgres": "database", "redis": "cache", "rabbitmq": "broker"}
    healthy = ("app", "proxy", *(servers[name] for name in up.services & servers.keys()))
    assert states == {
        **dict.fromkeys(once, "exited 0"),
        **dict.fromkeys(healthy, "healthy"),
        # They have no port that could be asked.
        **dict.fromkeys(up.idea.get("processes", []), "running 0"),
    }


def test_the_application_runs_as_nobody_on_a_file_system_that_it_cannot_change(
    up: Repository,
) -> None:
    assert up.run("docker compose exec -T app id -u").strip() not in {"0", ""}
    container = up.run("docker compose ps --quiet app").strip()
    host = json.loads(up.run(f"docker inspect {container}"))[0]["HostConfig"]
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Privileged"] is False


@pytest.mark.thorough  # the contract job has sent the same requests
def test_the_contract_is_kept_through_the_proxy(up: Repository) -> None:
    printed = up.run("node api/contract.mjs --insecure", BASE_URL="https://localhost:8443")
    assert "PASS" in printed


def test_without_tls_the_proxy_answers_the_same(up: Repository) -> None:
    ready = up.stack["probes"]["ready"]
    plain, encrypted = (
        up.run(f"curl --fail --silent --show-error --insecure {address}{ready}")
        for address in ("http://localhost:8080", "https://localhost:8443")
    )
    assert plain == encrypted


@pytest.mark.thorough  # stopping and starting everything takes longer than all else here
def test_it_comes_back_with_its_data(up: Repository) -> None:
    up.run("docker compose exec -T database psql -U demo -d demo -c 'CREATE TABLE kept (x int)'")
    up.run("make down")
    up.run("make up")
    up.run("docker compose exec -T database psql -U demo -d demo -c 'TABLE kept'")


def test_no_secret_is_in_the_image(up: Repository) -> None:
    history = up.run("docker history --no-trunc --format '{{.CreatedBy}}' demo")
    environment = json.dumps(inspect(up, "demo")["Config"])
    for word in ("change-me", "PASSWORD", "SECRET", "TOKEN"):
        assert word not in history
        assert word not in environment
