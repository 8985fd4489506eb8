from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from app.statistics import counter
from app.statistics.browsers import Browser
from app.statistics.counter import Batch, Kind

LINK = uuid4()
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def kind(referrer: str, browser: Browser = Browser.FIREFOX) -> Kind:
    return Kind(LINK, NOON.date(), referrer, browser)


def test_accesses_of_one_kind_are_added_up() -> None:
    batch = Batch()
    for minutes in (5, 0, 9):
        batch.add(kind("news.example"), NOON + timedelta(minutes=minutes))
    batch.add(kind(""), NOON)
    assert batch.kinds == {kind("news.example"): 3, kind(""): 1}
    total = batch.totals[LINK]
    assert (total.count, total.first, total.last) == (4, NOON, NOON + timedelta(minutes=9))


def test_what_is_put_back_is_added_to_what_came_meanwhile() -> None:
    failed, batch = Batch(), Batch()
    failed.add(kind("news.example"), NOON)
    batch.add(kind("news.example"), NOON + timedelta(hours=1))
    batch.put_back(failed)
    assert batch.kinds == {kind("news.example"): 2}
    assert batch.totals[LINK].count == 2
    assert batch.totals[LINK].first == NOON


def test_memory_has_a_limit_and_no_access_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter, "MOST_KINDS", 10)
    batch = Batch()
    for number in range(1000):
        batch.add(kind(f"host-{number}.example"), NOON)
    assert len(batch.kinds) == 11
    assert batch.kinds[kind("", Browser.OTHER)] == 990
    assert batch.totals[LINK].count == batch.kinds.total() == 1000


def test_days_are_counted_apart() -> None:
    batch = Batch()
    for day in (date(2026, 11, 21), date(2026, 11, 22)):
        batch.add(Kind(LINK, day, "", Browser.OTHER), NOON)
    assert len(batch.kinds) == 2
