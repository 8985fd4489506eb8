"""`make compare`: writes the table of docs/upgrade.md from what the tools really do."""

import tempfile
from pathlib import Path

import click

from tests.toy import CHECKOUT
from tests.upgrades.scenarios import SCENARIOS
from tests.upgrades.tools import by_copier, by_cruft, by_scaffold
from tests.upgrades.verdicts import verdict

PAGE = CHECKOUT / "docs" / "upgrade.md"
HEAD = "| what happened | scaffold | copier | cruft |\n| --- | --- | --- | --- |\n"


def main() -> None:
    """Run all scenarios through all tools and write the table."""
    rows = []
    for scenario in SCENARIOS:
        outcomes = []
        for tool in (by_scaffold, by_copier, by_cruft):
            with tempfile.TemporaryDirectory() as folder:
                outcomes.append(verdict(scenario, tool(scenario, Path(folder))))
        rows.append(f"| {' | '.join([scenario.name, *outcomes])} |\n")
        click.echo(rows[-1].rstrip())
    text = PAGE.read_text("utf-8")
    before = text[: text.index(HEAD)]
    after = text[text.index(HEAD) :].partition("\n\n")[2]
    PAGE.write_text(f"{before}{HEAD}{''.join(rows)}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
