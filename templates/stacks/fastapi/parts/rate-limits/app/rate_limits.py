"""Limits how often somebody may do something.

The counts are kept in Redis, where all processes see them; without Redis each process counts for
itself.
"""

import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from pydantic import AfterValidator

from app.errors import ServiceError
from app.redis import Redis, RedisUnavailableError

Result = TypeVar("Result")
_parse = cache(parse)


def _checked_limit(text: str) -> str:
    try:
        _parse(text)
    except ValueError:
        raise ValueError("must be a limit such as 5/minute") from None
    return text


# A limit as a setting: "5/minute", "100/hour".
RateLimit = Annotated[str, AfterValidator(_checked_limit)]


class TooManyRequestsError(ServiceError):
    """Somebody has done something too often."""

    status = 429

    def __init__(self, seconds: float) -> None:
        wait = max(1, math.ceil(seconds))
        unit = "second" if wait == 1 else "seconds"
        super().__init__(
            f"Too many requests. Try again in {wait} {unit}.", headers={"Retry-After": str(wait)}
        )


class RateLimits:
    """Counts what is limited. A window begins with the first thing that is counted in it.

    Args:
        redis: Where to count; None is in this process.
    """

    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._memory = FixedWindowRateLimiter(MemoryStorage())
        self._shared = FixedWindowRateLimiter(_storage(redis)) if redis else self._memory

    async def hit(self, limit: str, *who: str) -> None:
        """Count one more.

        Args:
            limit: How many in how long: "5/minute".
            who: What is counted, and for whom: "login", "ada@example.com".

        Raises:
            TooManyRequestsError: It is one more than the limit.
        """
        item = _parse(limit)
        if not await self._ask(lambda limiter: limiter.hit(item, *who)):
            raise TooManyRequestsError(await self._seconds_left(item, *who))

    async def check(self, limit: str, *who: str) -> None:
        """Make sure that one more would be allowed, without counting it.

        Raises:
            TooManyRequestsError: It would not.
        """
        item = _parse(limit)
        if not await self._ask(lambda limiter: limiter.test(item, *who)):
            raise TooManyRequestsError(await self._seconds_left(item, *who))

    async def clear(self, limit: str, *who: str) -> None:
        """Forget what was counted."""
        item = _parse(limit)
        await self._ask(lambda limiter: limiter.clear(item, *who))

    async def _seconds_left(self, item: RateLimitItem, *who: str) -> float:
        stats = await self._ask(lambda limiter: limiter.get_window_stats(item, *who))
        return stats.reset_time - time.time()

    async def _ask(self, ask: Callable[[FixedWindowRateLimiter], Awaitable[Result]]) -> Result:
        """Ask Redis, or this process while there is no Redis: better than no limit or no answer."""
        if self._redis:
            try:
                return await self._redis.run(lambda _: ask(self._shared))
            except RedisUnavailableError:
                pass
        return await ask(self._memory)


def _storage(redis: Redis) -> RedisStorage:
    # The pool brings the address; the one here is only there to be parsed.
    return RedisStorage(
        "redis://",
        implementation="redispy",
        connection_pool=redis.client.connection_pool,  # type: ignore[arg-type]
    )


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Begin to count; comes after app/redis.py's lifespan."""
    app.state.rate_limits = RateLimits(app.state.redis)
    yield


async def get_rate_limits(request: Request) -> RateLimits:
    """Return the application's counts."""
    rate_limits: RateLimits = request.app.state.rate_limits
    return rate_limits


Limits = Annotated[RateLimits, Depends(get_rate_limits)]


def client_address(request: Request) -> str:
    """Return the client's address; behind a proxy it is what the trusted proxy says."""
    return request.client.host if request.client else ""


def limited(limit: str, by: Callable[[Request], str] = client_address) -> Any:
    """Return a dependency that limits a route: `dependencies=[limited("60/minute")]`."""

    async def count(request: Request, limits: Limits) -> None:
        await limits.hit(limit, request.method, request.scope["route"].path, by(request))

    return Depends(count)
