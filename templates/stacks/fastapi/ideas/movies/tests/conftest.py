"""The fixtures of the tests: those of every application, and people who are signed in."""

import os

import pytest

pytest_plugins = ["tests.fixtures", "tests.passwords", "tests.redis", "tests.people"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that are about PostgreSQL's plans where there is no PostgreSQL."""
    if os.environ.get("TEST_DATABASE_URL"):
        return
    needing = [item for item in items if "catalogue" in getattr(item, "fixturenames", [])]
    config.hook.pytest_deselected(items=needing)
    items[:] = [item for item in items if item not in needing]
