"""What the page of the idea `shortener` asks for beyond the collection."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from tests.applications import Application
from tests.repositories.services import Database, Services
from tests.web import Answer, Unanswered, ask

pytestmark = pytest.mark.idea("shortener")

LINKS = "/api/v1/links"
TARGET = "https://example.com/a/long/address"
# Accesses are written within seconds; nobody waits longer than this.
PATIENCE = 20.0

Start = Callable[..., Application]
Headers = dict[str, str]


def create(address: str, headers: Headers, **fields: str) -> Answer:
    """Create a link."""
    return ask("POST", address + LINKS, {"url": TARGET, **fields}, headers)


def code_of(answer: Answer) -> str:
    """Return the code of a link that was created."""
    assert answer.status == 201, answer
    code: str = answer.json["shortCode"]
    return code


def follow(address: str, code: str) -> int:
    """Follow a link and return the status; 0 where nobody answers."""
    try:
        return ask("GET", f"{address}/{code}").status
    except Unanswered:
        return 0


def stats_of(address: str, headers: Headers, code: str) -> Any:
    """Return the figures of a link."""
    return ask("GET", f"{address}{LINKS}/{code}/stats", None, headers).json


def settled(address: str, headers: Headers, code: str, count: int) -> Any:
    """Return the figures of a link, once it has this many accesses or patience is at an end."""
    deadline = time.monotonic() + PATIENCE
    while True:
        stats = stats_of(address, headers, code)
        if stats["accessCount"] >= count or time.monotonic() > deadline:
            return stats
        time.sleep(0.1)


def all_counts(stats: Any) -> list[int]:
    """Return the number of accesses in each of the ways in which it is told."""
    parts = ("days", "referrers", "browsers")
    return [stats["accessCount"], *(sum(one["count"] for one in stats[part]) for part in parts)]


def test_many_clients_at_once_get_a_code_each(address: str, headers: Headers) -> None:
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: create(address, headers), range(300)))
    assert {answer.status for answer in answers} == {201}
    codes = [answer.json["shortCode"] for answer in answers]
    assert len(set(codes)) == 300
    assert {len(code) for code in codes} == {7}


def test_a_race_for_an_alias_has_one_winner_whatever_the_case(
    address: str, headers: Headers
) -> None:
    with ThreadPoolExecutor(16) as pool:
        for number in range(15):
            forms = [f"race-{number}", f"Race-{number}", f"RACE-{number}", f"rACE-{number}"]
            answers = pool.map(lambda alias: create(address, headers, alias=alias), forms * 4)
            assert Counter(answer.status for answer in answers) == {201: 1, 409: 15}


def test_a_change_is_followed_at_once_by_those_who_followed_before(
    address: str, headers: Headers
) -> None:
    code = code_of(create(address, headers))
    for number in range(20):
        url = f"https://example.com/{number}"
        changed = ask("PATCH", f"{address}{LINKS}/{code}", {"url": url}, headers)
        assert changed.status == 200
        assert ask("GET", f"{address}/{code}").headers["location"] == url
    assert ask("DELETE", f"{address}{LINKS}/{code}", None, headers).status == 204
    assert follow(address, code) == 410


def test_readers_never_see_an_old_target_after_a_change(address: str, headers: Headers) -> None:
    """Readers fill the cache while writers change: a slow reader must not undo a change."""
    for number in range(20):
        code = code_of(create(address, headers, alias=f"racing-{number}-{time.time_ns()}"[:32]))
        url = f"https://example.com/new/{number}"
        with ThreadPoolExecutor(9) as pool:
            readers = [pool.submit(follow, address, code) for _ in range(8)]
            change = {"url": url}
            changed = pool.submit(ask, "PATCH", f"{address}{LINKS}/{code}", change, headers)
            assert changed.result().status == 200
            assert {reader.result() for reader in readers} == {302}
        assert ask("GET", f"{address}/{code}").headers["location"] == url


def test_no_access_is_lost_or_counted_twice_by_a_stop(
    database: Database, start: Start, headers: Headers
) -> None:
    application = start(database)
    code = code_of(create(application.address, headers))
    left = itertools.count(1)
    redirected: list[int] = []

    def follow_until_enough(_: int) -> None:
        while next(left) <= 2000:
            status = follow(application.address, code)
            while status == 0:  # it is being started again
                time.sleep(0.05)
                status = follow(application.address, code)
            redirected.append(status)

    with ThreadPoolExecutor(8) as pool:
        clients = pool.map(follow_until_enough, range(8))
        while len(redirected) < 800:
            time.sleep(0.01)
        application.stop()
        application.start()
        list(clients)
    assert Counter(redirected) == {302: 2000}
    assert all_counts(settled(application.address, headers, code, 2000)) == [2000] * 4
    application.stop()
    application.start()
    assert all_counts(stats_of(application.address, headers, code)) == [2000] * 4


@pytest.mark.databases("postgresql")
def test_two_processes_count_together_and_share_their_cache(start: Start, headers: Headers) -> None:
    first = start("postgresql")
    second = start("postgresql", beside=first)
    code = code_of(create(first.address, headers))
    with ThreadPoolExecutor(8) as pool:
        addresses = [first.address, second.address] * 250
        assert set(pool.map(lambda address: follow(address, code), addresses)) == {302}
    for process in (first, second):
        process.stop()
        process.start()
    assert all_counts(stats_of(first.address, headers, code)) == [500] * 4
    changed = {"url": "https://example.com/second"}
    ask("PATCH", f"{first.address}{LINKS}/{code}", changed, headers)
    assert ask("GET", f"{second.address}/{code}").headers["location"] == changed["url"]


@contextmanager
def clients_following(address: str, codes: list[str]) -> Iterator[Counter[int]]:
    """Follow links without a pause, with four clients; gives what they were answered."""
    statuses: Counter[int] = Counter()
    stopped = threading.Event()

    def follow_on() -> None:
        for code in itertools.cycle(codes):
            if stopped.is_set():
                return
            statuses[follow(address, code)] += 1

    clients = [threading.Thread(target=follow_on) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        yield statuses
    finally:
        stopped.set()
        for client in clients:
            client.join()


def wait_for_more(statuses: Counter[int], number: int) -> None:
    """Wait until the clients have got so many more answers."""
    goal = statuses.total() + number
    deadline = time.monotonic() + PATIENCE
    while statuses.total() < goal:
        assert time.monotonic() < deadline, f"too slow: {statuses}"
        time.sleep(0.01)


@pytest.mark.databases("postgresql")
def test_no_redirect_fails_while_redis_goes_and_comes_back(
    start: Start, services: Services, headers: Headers
) -> None:
    application = start("postgresql", {"CACHE_SECONDS": "1"})
    address = application.address
    codes = [code_of(create(address, headers)) for _ in range(5)]
    with clients_following(address, codes) as statuses:
        wait_for_more(statuses, 200)
        services.redis.stop()
        try:
            wait_for_more(statuses, 200)
            # The API works too, and a change is followed.
            codes.append(code_of(create(address, headers)))
            changed = {"url": "https://example.com/without-redis"}
            url = f"{address}{LINKS}/{codes[0]}"
            assert ask("PATCH", url, changed, headers).status == 200
            assert ask("GET", f"{address}/{codes[0]}").headers["location"] == changed["url"]
        finally:
            services.redis.start()
        wait_for_more(statuses, 200)
    assert set(statuses) == {302}
    followed = sum(settled(address, headers, code, 0)["accessCount"] for code in codes)
    deadline = time.monotonic() + PATIENCE
    while followed <= statuses.total() and time.monotonic() < deadline:
        followed = sum(stats_of(address, headers, code)["accessCount"] for code in codes)
    assert followed == statuses.total() + 1


def test_a_token_is_hashed_revocable_and_sees_only_its_own_links(
    application: Application, headers: Headers
) -> None:
    address = application.address
    secret = {"Authorization": "Bearer change-me"}
    made = ask("POST", f"{address}/api/v1/tokens", {"name": "Stranger"}, secret)
    assert made.status == 201
    stranger = {"Authorization": f"Bearer {made.json['token']}"}
    code = code_of(create(address, headers))
    for method, path, body in [
        ("GET", code, None),
        ("PATCH", code, {"url": TARGET}),
        ("DELETE", code, None),
        ("GET", f"{code}/stats", None),
    ]:
        assert ask(method, f"{address}{LINKS}/{path}", body, stranger).status == 404
    assert ask("GET", address + LINKS, None, stranger).json["total"] == 0
    assert made.json["token"] not in application.printed
    revoked = ask("DELETE", f"{address}/api/v1/tokens/{made.json['id']}", None, secret)
    assert revoked.status == 204
    assert ask("GET", address + LINKS, None, stranger).status == 401


def test_those_who_ask_too_often_wait_and_others_do_not(
    database: Database, start: Start, headers: Headers
) -> None:
    application = start(database, {"RATE_LIMIT_PER_TOKEN": "5/minute"})
    address = application.address
    code = code_of(create(address, headers))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask("GET", address + LINKS, None, headers), range(20)))
    assert Counter(answer.status for answer in answers) == {200: 4, 429: 16}
    refused = next(answer for answer in answers if answer.status == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert follow(address, code) == 302
