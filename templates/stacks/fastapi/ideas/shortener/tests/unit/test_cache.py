from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from app.redis import Redis
from app.short_links import cache as module
from app.short_links.cache import LinkCache, MemoryCache, RedisCache, Target

OLD = Target(uuid4(), "https://example.com/old", None, deleted=False)
NEW = OLD._replace(url="https://example.com/neu?ä", expires_at=datetime(2030, 1, 2, tzinfo=UTC))


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of a real Redis."""
    redis = Redis(redis_url)
    yield redis
    await redis.close()


class TestInThisProcess:
    """A cache without Redis."""

    @pytest.fixture
    def cache(self) -> LinkCache:
        return MemoryCache(60)

    async def test_it_does_not_know_what_nobody_told_it(self, cache: LinkCache) -> None:
        with pytest.raises(KeyError):
            await cache.get("code")

    async def test_it_remembers_what_the_database_said(self, cache: LinkCache) -> None:
        await cache.fill("code", NEW)
        assert await cache.get("code") == NEW

    async def test_it_remembers_that_there_is_no_such_link(self, cache: LinkCache) -> None:
        await cache.fill("code", None)
        assert await cache.get("code") is None

    async def test_a_change_replaces_what_it_knew(self, cache: LinkCache) -> None:
        await cache.fill("code", None)
        await cache.replace("code", NEW)
        assert await cache.get("code") == NEW

    async def test_an_old_answer_does_not_undo_a_change(self, cache: LinkCache) -> None:
        await cache.replace("code", NEW)
        await cache.fill("code", OLD)
        assert await cache.get("code") == NEW


class TestInRedis(TestInThisProcess):
    """The same cache in Redis."""

    @pytest.fixture
    def cache(self, redis: Redis) -> LinkCache:
        return RedisCache(redis, 60)

    async def test_all_processes_see_it(self, cache: LinkCache, redis: Redis) -> None:
        await cache.replace("code", NEW)
        assert await RedisCache(redis, 60).get("code") == NEW


async def test_the_cache_inside_of_the_process_forgets_in_time() -> None:
    clock = Clock()
    cache = MemoryCache(60, clock)
    await cache.fill("code", OLD)
    clock.seconds = 59
    assert await cache.get("code") == OLD
    clock.seconds = 61
    with pytest.raises(KeyError):
        await cache.get("code")


async def test_redis_forgets_in_time(redis: Redis) -> None:
    await RedisCache(redis, 60).fill("code", OLD)
    assert 0 < await redis.client.ttl("link:code") <= 60


async def test_the_cache_inside_of_the_process_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CODES", 2)
    cache = MemoryCache(60)
    for code in ("one", "two", "three"):
        await cache.fill(code, OLD)
    with pytest.raises(KeyError):
        await cache.get("one")
    assert await cache.get("three") == OLD


async def test_without_redis_the_cache_knows_nothing_and_breaks_nothing() -> None:
    redis = Redis("redis://127.0.0.1:1")
    cache = RedisCache(redis, 60)
    await cache.fill("code", OLD)
    await cache.replace("code", NEW)
    with pytest.raises(KeyError):
        await cache.get("code")
    await redis.close()
