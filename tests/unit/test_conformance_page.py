"""The table of docs/conformance.md says what the newest runs said."""

from copy import deepcopy
from typing import Any

from dev.conformance import CHECKS, PAGE, RATIOS, Table, page, read_results, rows
from tests.combinations import COMBINATIONS

FOUND: dict[str, Any] = {
    "checks": {
        "lint": {"outcome": "passed", "seconds": 6.6},
        "tests": {"outcome": "failed", "seconds": 20.0},
    },
    "ratios": {"read, embedded": 0.8},
    "last run": "2026-11-22",
}


def first_row(name: str) -> dict[str, str]:
    """Return the first row when its combination has results: column to cell."""
    head, _, *lines = [line.strip("| \n").split(" | ") for line in rows({name: FOUND})]
    return dict(zip(head, lines[0], strict=True))


def test_the_page_has_the_stored_results() -> None:
    """If not, `python -m dev.conformance` writes them."""
    assert PAGE.read_text("utf-8") == page(read_results())


def test_a_row_has_seconds_failures_and_ratios() -> None:
    row = first_row(str(COMBINATIONS[0]))
    assert row["lint"] == "7 s"
    assert row["tests"] == "**failed**, 20 s"
    assert row["read, embedded"] == "0.80"
    assert row["write, embedded"] == "not run"
    assert row["last run"] == "2026-11-22"


def test_what_was_not_run_says_so() -> None:
    lines = list(rows({}))[2:]
    assert len(lines) == len(COMBINATIONS)
    for line in lines:
        assert line.count("not run") == len(CHECKS) + len(RATIOS) + 1


def test_the_plugin_keeps_what_a_run_was_not_about() -> None:
    table = Table()
    table.outcomes["todo-x", "lint"] = {"passed", "failed"}
    table.seconds["todo-x", "lint"] = 1.26
    results = table.over({"todo-x": deepcopy(FOUND), "todo-y": FOUND}, "2026-12-01")
    assert results["todo-y"] == FOUND
    assert results["todo-x"]["checks"]["tests"] == FOUND["checks"]["tests"]
    assert results["todo-x"]["checks"]["lint"] == {"outcome": "failed", "seconds": 1.3}
    assert results["todo-x"]["last run"] == "2026-12-01"
