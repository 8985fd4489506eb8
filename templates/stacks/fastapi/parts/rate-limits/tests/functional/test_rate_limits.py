"""How often somebody may do something."""

from collections.abc import AsyncIterator

import httpx
import pytest
import time_machine
from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

from app.rate_limits import RateLimit, RateLimits, TooManyRequestsError, limited
from app.redis import Redis


class Counting:
    """What is true wherever the counts are kept."""

    async def test_one_more_than_the_limit_is_refused(self, limits: RateLimits) -> None:
        for _ in range(3):
            await limits.hit("3/minute", "login", "ada")
        with pytest.raises(TooManyRequestsError):
            await limits.hit("3/minute", "login", "ada")

    async def test_everybody_is_counted_alone(self, limits: RateLimits) -> None:
        await limits.hit("1/minute", "login", "ada")
        await limits.hit("1/minute", "login", "bob")
        await limits.hit("1/minute", "search", "ada")

    async def test_checking_does_not_count(self, limits: RateLimits) -> None:
        for _ in range(3):
            await limits.check("1/minute", "login", "ada")
        await limits.hit("1/minute", "login", "ada")
        with pytest.raises(TooManyRequestsError):
            await limits.check("1/minute", "login", "ada")

    async def test_what_was_counted_can_be_forgotten(self, limits: RateLimits) -> None:
        await limits.hit("1/minute", "login", "ada")
        await limits.clear("1/minute", "login", "ada")
        await limits.hit("1/minute", "login", "ada")

    async def test_the_client_is_told_how_long_to_wait(self, limits: RateLimits) -> None:
        await limits.hit("1/minute", "login", "ada")
        with pytest.raises(TooManyRequestsError) as refused:
            await limits.hit("1/minute", "login", "ada")
        assert 1 <= int(refused.value.headers["Retry-After"]) <= 60


class TestInThisProcess(Counting):
    @pytest.fixture
    def limits(self) -> RateLimits:
        return RateLimits(None)


class TestInRedis(Counting):
    @pytest.fixture
    async def limits(self, redis_url: str) -> AsyncIterator[RateLimits]:
        redis = Redis(redis_url)
        yield RateLimits(redis)
        await redis.close()

    async def test_all_processes_count_together(self, limits: RateLimits, redis_url: str) -> None:
        redis = Redis(redis_url)
        await limits.hit("1/minute", "login", "ada")
        with pytest.raises(TooManyRequestsError):
            await RateLimits(redis).hit("1/minute", "login", "ada")
        await redis.close()


async def test_a_window_ends() -> None:
    limits = RateLimits(None)
    with time_machine.travel(0, tick=False) as clock:
        await limits.hit("1/minute", "login", "ada")
        clock.shift(61)
        await limits.hit("1/minute", "login", "ada")


async def test_without_redis_the_process_counts_for_itself() -> None:
    redis = Redis("redis://127.0.0.1:1")
    limits = RateLimits(redis)
    await limits.hit("1/minute", "login", "ada")
    with pytest.raises(TooManyRequestsError):
        await limits.hit("1/minute", "login", "ada")
    await redis.close()


async def test_a_route_can_be_limited(app: FastAPI, client: httpx.AsyncClient) -> None:
    @app.get("/probe/limited", dependencies=[limited("2/minute")])
    async def get_limited() -> None: ...

    statuses = [(await client.get("/probe/limited")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert "retry-after" in (await client.get("/probe/limited")).headers


@pytest.mark.parametrize("text", ["5", "5/fortnight", "many/minute", ""])
def test_a_setting_that_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(RateLimit).validate_python(text)
