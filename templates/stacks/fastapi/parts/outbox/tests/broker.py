"""Tests against a real RabbitMQ, when TEST_AMQP_URL names one."""

import os
from collections.abc import AsyncIterator
from uuid import uuid4

import aio_pika
import pytest

TEST_AMQP_URL = os.environ.get("TEST_AMQP_URL", "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that need a broker where there is none."""
    if TEST_AMQP_URL:
        return
    needing = [item for item in items if "amqp_settings" in getattr(item, "fixturenames", [])]
    config.hook.pytest_deselected(items=needing)
    items[:] = [item for item in items if item not in needing]


@pytest.fixture
async def amqp_settings() -> AsyncIterator[dict[str, str]]:
    """The settings for an exchange of the test's own."""
    name = f"test-{uuid4().hex}"
    yield {"amqp_url": TEST_AMQP_URL, "amqp_exchange": name}
    async with await aio_pika.connect(TEST_AMQP_URL) as connection:
        channel = await connection.channel()
        await channel.queue_delete(f"{name}.worker")
        await channel.exchange_delete(name)
