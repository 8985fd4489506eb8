"""What Redis costs when it is there, and when it is not."""

import socket
import time
from collections.abc import Iterator
from unittest.mock import AsyncMock

import httpx
import pytest
from fastapi import FastAPI
from redis.exceptions import ConnectionError as RedisConnectionError

from app import redis as module
from app.main import create_app
from app.redis import Redis, RedisUnavailableError
from app.settings import Settings, load_settings


@pytest.fixture
def silent_url() -> Iterator[str]:
    """The URL of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"redis://127.0.0.1:{silent.getsockname()[1]}"


async def test_a_command_is_answered(redis_url: str) -> None:
    redis = Redis(redis_url)
    await redis.run(lambda client: client.set("name", "Ada"))
    assert await redis.run(lambda client: client.get("name")) == "Ada"
    await redis.close()


async def test_a_silent_server_is_given_up_soon(silent_url: str) -> None:
    redis = Redis(silent_url)
    started = time.monotonic()
    with pytest.raises(RedisUnavailableError):
        await redis.run(lambda client: client.get("name"))
    assert time.monotonic() - started < 4 * module.TIMEOUT
    await redis.close()


async def test_after_a_failure_nobody_asks_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    redis = Redis("redis://127.0.0.1:1")
    command = AsyncMock(side_effect=RedisConnectionError)
    for _ in range(3):
        with pytest.raises(RedisUnavailableError):
            await redis.run(command)
    assert command.await_count == 1
    monkeypatch.setattr(module, "PAUSE", 0)
    redis = Redis("redis://127.0.0.1:1")
    for _ in range(3):
        with pytest.raises(RedisUnavailableError):
            await redis.run(command)
    assert command.await_count == 4


class TestWithoutAnswer:
    @pytest.fixture
    def settings(self, settings: Settings, silent_url: str) -> Settings:
        return settings.model_copy(update={"redis_url": silent_url})

    async def test_the_application_is_ready(self, client: httpx.AsyncClient) -> None:
        assert (await client.get("/health/ready")).status_code == 200


async def test_without_a_url_there_is_no_redis(settings: Settings) -> None:
    app: FastAPI = create_app(settings)
    async with app.router.lifespan_context(app):
        assert app.state.redis is None


def test_a_url_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "http://localhost")
    with pytest.raises(SystemExit, match="REDIS_URL: must begin with redis://"):
        load_settings()
