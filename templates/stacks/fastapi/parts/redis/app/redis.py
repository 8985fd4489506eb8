"""A connection to Redis, for what is faster with it and works without it."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

import structlog
from fastapi import Depends, FastAPI, Request
from pydantic import AfterValidator
from redis.asyncio import Redis as Client
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from app.configuration import CommonSettings

# No request waits longer than this for an answer, in seconds.
TIMEOUT = 0.25
# After a failure nobody asks again for so long, in seconds.
PAUSE = 1.0

Result = TypeVar("Result")
log = structlog.stdlib.get_logger(__name__)


def _checked_redis_url(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis:// or rediss://")
    return text


class RedisSettings(CommonSettings):
    """Where Redis is; None is nowhere."""

    redis_url: Annotated[str, AfterValidator(_checked_redis_url)] | None = None


class RedisUnavailableError(Exception):
    """Redis is down, too slow or refuses; whoever asked goes on without it."""


class Redis:
    """A client of Redis that costs next to nothing while Redis is down.

    Args:
        url: Where Redis is.
    """

    def __init__(self, url: str) -> None:
        self.client = Client.from_url(
            url,
            decode_responses=True,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            # Once more, because Redis may have closed a connection that was idle.
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        )
        self._paused_until = 0.0

    async def run(self, command: Callable[[Client], Awaitable[Result]]) -> Result:
        """Return the result of a command: `await redis.run(lambda client: client.get("key"))`.

        Raises:
            RedisUnavailableError: There is none, or there was none a moment ago.
        """
        if time.monotonic() < self._paused_until:
            raise RedisUnavailableError
        try:
            return await command(self.client)
        except (RedisError, OSError) as error:
            self._paused_until = time.monotonic() + PAUSE
            log.warning("redis unavailable", error=repr(error))
            raise RedisUnavailableError from error

    async def close(self) -> None:
        """Close every connection."""
        await self.client.aclose()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make the client when the application starts, if the settings name a Redis."""
    settings: RedisSettings = app.state.settings
    redis = app.state.redis = Redis(settings.redis_url) if settings.redis_url else None
    yield
    if redis:
        await redis.close()


async def get_redis(request: Request) -> Redis | None:
    """Return the application's client; None where there is no Redis."""
    redis: Redis | None = request.app.state.redis
    return redis


OptionalRedis = Annotated[Redis | None, Depends(get_redis)]
