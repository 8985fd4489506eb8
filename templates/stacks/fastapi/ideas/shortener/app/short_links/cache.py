"""Remembers where codes lead, so that most redirects do not ask the database.

The database is the truth; the cache may forget at any time. Who finds nothing in it asks the
database and fills it (cache-aside); who changes a link replaces what it holds.
"""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from cachetools import TTLCache
from fastapi import Depends, FastAPI, Request

from app.redis import Redis, RedisUnavailableError
from app.settings import Settings
from app.short_links.models import Link

# How many codes the cache inside of the process holds.
MOST_CODES = 10_000
PREFIX = "link:"


class Target(NamedTuple):
    """What a redirect has to know of a link."""

    link_id: UUID
    url: str
    expires_at: datetime | None
    deleted: bool

    @classmethod
    def of(cls, link: Link) -> "Target":
        """Return the target of a stored link."""
        return cls(link.id, link.url, link.expires_at, link.deleted_at is not None)


class LinkCache(Protocol):
    """Where codes lead. None is remembered too: it says that no link has the code."""

    async def get(self, code: str) -> Target | None:
        """Return where a code leads.

        Raises:
            KeyError: The cache does not know; the database does.
        """

    async def fill(self, code: str, target: Target | None) -> None:
        """Remember what the database said.

        What is in the cache already stays: it is as new, or newer, when the link was changed
        between the question to the database and now.
        """

    async def replace(self, code: str, target: Target) -> None:
        """Remember what has just been changed."""


class MemoryCache:
    """A cache inside of this process. Other processes do not see what is replaced here.

    Args:
        seconds: How long something is remembered.
        clock: Tells the time in seconds.
    """

    def __init__(self, seconds: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._targets: TTLCache[str, Target | None] = TTLCache(MOST_CODES, seconds, timer=clock)

    async def get(self, code: str) -> Target | None:
        return self._targets[code]

    async def fill(self, code: str, target: Target | None) -> None:
        self._targets.setdefault(code, target)

    async def replace(self, code: str, target: Target) -> None:
        self._targets[code] = target


class RedisCache:
    """A cache that all processes share. Without Redis it knows nothing, and breaks nothing.

    Args:
        redis: Where it is.
        seconds: How long something is remembered.
    """

    def __init__(self, redis: Redis, seconds: int) -> None:
        self._redis = redis
        self._seconds = seconds

    async def get(self, code: str) -> Target | None:
        try:
            text = await self._redis.run(lambda client: client.get(PREFIX + code))
        except RedisUnavailableError:
            text = None
        if text is None:
            raise KeyError(code)
        return _decode(text)

    async def fill(self, code: str, target: Target | None) -> None:
        await self._set(code, target, only_new=True)

    async def replace(self, code: str, target: Target) -> None:
        await self._set(code, target, only_new=False)

    async def _set(self, code: str, target: Target | None, *, only_new: bool) -> None:
        with suppress(RedisUnavailableError):
            await self._redis.run(
                lambda client: client.set(
                    PREFIX + code, _encode(target), ex=self._seconds, nx=only_new
                )
            )


def _encode(target: Target | None) -> str:
    if target is None:
        return "null"
    expires_at = target.expires_at and target.expires_at.isoformat()
    return json.dumps([str(target.link_id), target.url, expires_at, target.deleted])


def _decode(text: str | bytes) -> Target | None:
    values = json.loads(text)
    if values is None:
        return None
    link_id, url, expires_at, deleted = values
    return Target(UUID(link_id), url, expires_at and datetime.fromisoformat(expires_at), deleted)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make the cache: in Redis, or in this process when there is none."""
    settings: Settings = app.state.settings
    redis: Redis | None = app.state.redis
    seconds = settings.cache_seconds
    app.state.link_cache = RedisCache(redis, seconds) if redis else MemoryCache(seconds)
    yield


async def get_link_cache(request: Request) -> LinkCache:
    """Return the application's cache."""
    cache: LinkCache = request.app.state.link_cache
    return cache


Cache = Annotated[LinkCache, Depends(get_link_cache)]
