"""The table of docs/conformance.md: what the newest run of each combination said.

`make conformance` runs tests/repositories with `--table`, which adds the plugin of this module.
The results are kept in docs/conformance.json, so that a run of one combination or check changes
only its own cells.
"""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.combinations import CATALOG, COMBINATIONS
from tests.toy import CHECKOUT

PAGE = CHECKOUT / "docs" / "conformance.md"
RESULTS = CHECKOUT / "docs" / "conformance.json"
BEGIN, END = "<!-- the table is written by `make conformance` -->\n", "<!-- end of the table -->\n"
CHECKS = (
    "lint",
    "tests",
    "tests, services",
    "contract",
    "collection",
    "schemathesis",
    "input",
    "faults",
    "speed",
    "idea",
    "containers",
    "upgrade",
)
RATIOS = ("read, embedded", "read, postgresql", "write, embedded", "write, postgresql")
WORST = ("failed", "passed", "skipped")

Results = dict[str, dict[str, Any]]


def read_results() -> Results:
    """Return what is stored: combination -> check -> {outcome, seconds} or a ratio."""
    results: Results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    return results


def cell(result: Mapping[str, Any] | None) -> str:
    """Return what the table says of one check."""
    if result is None:
        return "not run"
    seconds = f"{result['seconds']:.0f} s"
    return seconds if result["outcome"] == "passed" else f"**{result['outcome']}**, {seconds}"


def rows(results: Results) -> Iterable[str]:
    """Give the table's lines."""
    columns = ["idea", "stack", *CHECKS, *RATIOS, "last run"]
    yield f"| {' | '.join(columns)} |\n"
    yield f"| {' | '.join(['---'] * len(columns))} |\n"
    for combination in COMBINATIONS:
        name = str(combination)
        stack = CATALOG.stack(combination.stack).title
        found = results.get(name, {"checks": {}, "ratios": {}, "last run": "not run"})
        cells = [cell(found["checks"].get(check)) for check in CHECKS]
        ratios = found["ratios"]
        cells += [f"{ratios[ratio]:.2f}" if ratio in ratios else "not run" for ratio in RATIOS]
        yield f"| {combination.idea} | {stack} | {' | '.join([*cells, found['last run']])} |\n"


def page(results: Results) -> str:
    """Return the page with the table of some results."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return "".join([before, BEGIN, *rows(results), END, after])


@dataclass
class Table:
    """A plugin that collects what each check of each combination said and took."""

    outcomes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    ratios: dict[str, dict[str, float]] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember one step of one test, from whichever worker it comes."""
        properties: dict[str, Any] = dict(report.user_properties)
        if "combination" not in properties:
            return
        name = properties["combination"]
        found = {ratio: properties[ratio] for ratio in RATIOS if ratio in properties}
        self.ratios.setdefault(name, {}).update(found)
        if "check" in properties:
            key = name, properties["check"]
            self.seconds[key] = self.seconds.get(key, 0.0) + report.duration
            self.outcomes.setdefault(key, set()).add(report.outcome)

    def pytest_sessionfinish(self) -> None:
        """Write what was run over what is stored."""
        if self.seconds:
            today = datetime.now(UTC).date().isoformat()
            results = self.over(read_results(), today)
            RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
            PAGE.write_text(page(results), encoding="utf-8")

    def over(self, results: Results, today: str) -> Results:
        """Return stored results with those of this run laid over them."""
        merged = deepcopy(results)
        for (name, check), seconds in self.seconds.items():
            found = merged.setdefault(name, {"checks": {}, "ratios": {}})
            outcome = next(word for word in WORST if word in self.outcomes[name, check])
            found["checks"][check] = {"outcome": outcome, "seconds": round(seconds, 1)}
            found["ratios"].update(self.ratios.get(name, {}))
            found["last run"] = today
        return dict(sorted(merged.items()))


if __name__ == "__main__":  # after an idea or a stack was added: it is in the table, "not run"
    PAGE.write_text(page(read_results()), encoding="utf-8")
