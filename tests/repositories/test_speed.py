"""The main read and the main write, beside a bare handler that runs the same SQL."""

import json
import shlex
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.applications import Application
from tests.load import request_bytes, throughput
from tests.repositories.conftest import Start
from tests.repositories.idea import Request
from tests.repositories.repository import BARE, Repository, bare_data
from tests.repositories.services import Database

LEAST_RATIO = 0.7
# Rounds take turns, and the best of each counts: what else the machine does slows rounds down
# and never makes one faster. Rounds end when the ratio is clear.
ROUND_SECONDS = 1.0
LEAST_ROUNDS, MOST_ROUNDS = 3, 8
CLEAR_RATIO = 0.8
CLIENTS = 16


def bare(repository: Repository, application: Application, requests: list[Request]) -> Application:
    """Return the stack's bare handler on the application's database."""
    stack = repository.combination.stack
    routes = [
        {
            "method": each.method,
            "path": each.path.partition("?")[0],
            "body": each.fresh().body,
            "sql": each.sql,
        }
        for each in requests
    ]
    start = str(bare_data(stack)["start"]).format(bare=shlex.quote(str(BARE / stack)))
    line = f"{start} {shlex.quote(json.dumps(routes))}"
    log = application.log.with_name("bare")
    environment = {**repository.environment, "DATABASE_URL": application.database}
    return Application(repository.path, [line], {}, "/ready", environment, log)


def sender(address: str, request: Request, headers: dict[str, str]) -> Callable[[], bytes]:
    """Return a function that makes the bytes of a request, with new values each time."""

    def make() -> bytes:
        new = request.fresh()
        return request_bytes(new.method, address, new.path, new.body, headers)

    return make


def measured(
    contenders: dict[str, str], request: Request, headers: dict[str, str]
) -> dict[str, float]:
    """Return the best requests per second of each contender, by its name."""
    best = dict.fromkeys(contenders, 0.0)
    for number in range(MOST_ROUNDS + 1):
        for name, address in contenders.items():
            make = sender(address, request, headers)
            # The first round is short, fills caches and opens connections to the database.
            seconds = ROUND_SECONDS if number else ROUND_SECONDS / 4
            speed, statuses = throughput(address, make, seconds=seconds, clients=CLIENTS)
            assert all(200 <= status < 400 for status in statuses), (name, statuses)
            best[name] = max(best[name], speed if number else 0.0)
        ours, theirs = best.values()
        if number >= LEAST_ROUNDS and ours >= CLEAR_RATIO * theirs:
            break
    return best


# A ratio says something on a machine that does nothing else.
@pytest.mark.thorough
@pytest.mark.check("speed")
@pytest.mark.parametrize("kind", ["read", "write"])
def test_it_is_as_fast_as_a_bare_handler(
    kind: str,
    repository: Repository,
    database: Database,
    start: Start,
    record_property: Callable[[str, object], None],
) -> None:
    request = repository.conformance.read if kind == "read" else repository.conformance.write
    assert request, f"idea.yml has no conformance: {kind}"
    application = start(database, {"LOG_FORMAT": "json"})
    headers = repository.conformance.headers(application)
    with ExitStack() as stopping:
        other = bare(repository, application, [request])
        stopping.callback(other.kill)
        other.start()
        contenders = {"ours": application.address, "bare": other.address}
        best = measured(contenders, request, headers)
    ratio = best["ours"] / best["bare"]
    record_property(f"{kind}, {database}", round(ratio, 2))
    assert ratio >= LEAST_RATIO, best
