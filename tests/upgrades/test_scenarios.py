"""Every scenario comes out as the table says; `make compare` sends other tools through it, too."""

from pathlib import Path

import pytest

from tests.toy import CHECKOUT
from tests.upgrades.scenarios import SCENARIOS, Scenario
from tests.upgrades.tools import by_scaffold
from tests.upgrades.verdicts import differences, is_lost, verdict

COMPARISON = (CHECKOUT / "docs" / "upgrade.md").read_text("utf-8")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, tmp_path: Path) -> None:
    ours = by_scaffold(scenario, tmp_path)
    assert not is_lost(scenario, ours)
    if scenario.conflicts:
        assert (ours.code, ours.conflicts) == (3, True)
    else:
        assert differences(scenario, ours) == []
        assert (ours.code, ours.conflicts) == (0, False)
    # The published table is what happened, not what we remember.
    row = f"| {scenario.name} | {verdict(scenario, ours)} |"
    assert row in COMPARISON, "`make compare` writes the table anew"
