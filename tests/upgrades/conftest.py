"""Prints the comparison with other tools at the end of a run."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table that the scenarios filled, also from other workers."""
    rows = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", [])
        if name == "comparison"
    ]
    if rows:
        terminalreporter.section("scaffold upgrade, copier update, cruft update")
        for row in sorted(rows):
            terminalreporter.write_line(" | ".join(row))
