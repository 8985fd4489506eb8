"""Every scenario comes out as the table says; other tools go through the same ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.toy import CHECKOUT
from tests.upgrades.scenarios import SCENARIOS, Scenario
from tests.upgrades.tools import by_copier, by_cruft, by_scaffold
from tests.upgrades.verdicts import differences, is_lost, verdict

COMPARISON = (CHECKOUT / "docs" / "upgrade.md").read_text("utf-8")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(
    scenario: Scenario, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    for name in ("scaffold", "copier", "cruft"):
        (tmp_path / name).mkdir()
    ours = by_scaffold(scenario, tmp_path / "scaffold")
    assert not is_lost(scenario, ours)
    if scenario.conflicts:
        assert (ours.code, ours.conflicts) == (3, True)
    else:
        assert differences(scenario, ours) == []
        assert (ours.code, ours.conflicts) == (0, False)
    others = (by_copier(scenario, tmp_path / "copier"), by_cruft(scenario, tmp_path / "cruft"))
    row = (scenario.name, *(verdict(scenario, outcome) for outcome in (ours, *others)))
    record_property("comparison", row)
    # The published table is what happened, not what we remember.
    assert f"| {' | '.join(row)} |" in COMPARISON, "`make compare` writes the table anew"
