"""Waiting for what happens at some time."""

import asyncio
from collections.abc import Awaitable, Callable

TIMEOUT = 30


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; fail when it takes too long."""
    async with asyncio.timeout(TIMEOUT):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
