"""Tests against a real Redis, when TEST_REDIS_URL names one. They empty its database."""

import os
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

TEST_REDIS_URL = os.environ.get("TEST_REDIS_URL", "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that need a Redis where there is none."""
    if TEST_REDIS_URL:
        return
    needing = [item for item in items if "redis_url" in getattr(item, "fixturenames", [])]
    config.hook.pytest_deselected(items=needing)
    items[:] = [item for item in items if item not in needing]


@pytest.fixture
async def redis_url() -> AsyncIterator[str]:
    """The URL of an empty Redis."""
    async with Redis.from_url(TEST_REDIS_URL) as client:
        await client.flushdb()
        yield TEST_REDIS_URL
        await client.flushdb()
