"""Home timelines in Redis: fan-out, rebuilding, and what happens when Redis does not help."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from redis.asyncio import Redis as Client

from app.redis import Redis
from app.settings import Settings
from app.timelines import cache
from app.timelines.cache import TimelineCache
from tests.people import Join, Person

HOME = "/timelines/home"


@pytest.fixture
def settings(settings: Settings, redis_url: str) -> Settings:
    return settings.model_copy(update={"redis_url": redis_url, "fan_out_followers": 2})


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Client]:
    async with Client.from_url(redis_url, decode_responses=True) as client:
        yield client


async def remembered(redis: Client) -> dict[str, int]:
    """Return how many entries each timeline has that Redis remembers."""
    keys = [key async for key in redis.scan_iter("home:*") if not key.endswith(":state")]
    return {key: await redis.zcard(key) for key in keys}


async def test_the_first_read_builds_a_timeline_and_posts_are_written_into_it(
    ada: Person, grace: Person, redis: Client
) -> None:
    await ada.follow(grace)
    first = await grace.post_text("One")
    assert await ada.ids(HOME) == [first["id"]]
    assert list((await remembered(redis)).values()) == [1]
    second = await grace.post_text("Two")
    mine = await ada.post_text("Mine")
    assert list((await remembered(redis)).values()) == [3]
    assert await ada.ids(HOME, limit=1) == [mine["id"]]
    assert await ada.ids(HOME) == [mine["id"], second["id"], first["id"]]


async def test_pages_from_redis_go_on_in_the_database(
    ada: Person, grace: Person, redis: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LENGTH", 4)
    await ada.follow(grace)
    await ada.ids(HOME)
    posts = [(await grace.post_text(f"Post {number}"))["id"] for number in range(9)]
    assert list((await remembered(redis)).values()) == [4]
    seen: list[str] = []
    parameters: dict[str, object] = {"limit": 2}
    while "cursor" not in parameters or parameters["cursor"]:
        page = await ada.expect(200, "GET", HOME, params=parameters)
        seen += [item["id"] for item in page["items"]]
        parameters["cursor"] = page["nextCursor"]
        await grace.post_text("New")
    assert seen == posts[::-1]


async def test_an_empty_redis_is_filled_again(ada: Person, grace: Person, redis: Client) -> None:
    await ada.follow(grace)
    post = await grace.post_text("One")
    await ada.ids(HOME)
    await redis.flushdb()
    assert await ada.ids(HOME) == [post["id"]]
    assert list((await remembered(redis)).values()) == [1]


@pytest.mark.parametrize(
    "change",
    [
        (200, "PUT", "/profiles/alan/follow"),
        (204, "DELETE", "/profiles/grace/follow"),
        (200, "PUT", "/profiles/grace/block"),
        (200, "PUT", "/profiles/grace/mute"),
    ],
)
async def test_what_changes_a_timeline_throws_it_away(
    ada: Person, grace: Person, alan: Person, redis: Client, change: tuple[int, str, str]
) -> None:
    await ada.follow(grace)
    hers, his = await grace.post_text("Hers"), await alan.post_text("His")
    await ada.ids(HOME)
    await ada.expect(*change)
    assert await remembered(redis) == {}
    expected = [his["id"], hers["id"]] if "alan" in change[2] else []
    assert await ada.ids(HOME) == expected


async def test_what_is_hidden_meanwhile_is_not_shown(
    ada: Person, grace: Person, alan: Person
) -> None:
    for person in (grace, alan):
        await ada.follow(person)
    hers, his = await grace.post_text("Hers"), await alan.post_text("His")
    assert await ada.ids(HOME, limit=1) == [his["id"]]
    await alan.expect(204, "DELETE", f"/posts/{his['id']}")
    # Redis still has it; the database decides.
    assert await ada.ids(HOME, limit=1) == [hers["id"]]


async def test_accounts_with_many_followers_are_read_when_the_timeline_is(
    ada: Person, grace: Person, join: Join, redis: Client
) -> None:
    star = await join("star")
    for person in (ada, grace, await join("third")):
        await person.follow(star)
    await ada.follow(grace)
    old = await grace.post_text("Old")
    await ada.ids(HOME)
    before = await remembered(redis)
    by_star = await star.post_text("To all")
    by_grace = await grace.post_text("To some")
    after = await remembered(redis)
    assert sum(after.values()) == sum(before.values()) + 1
    assert await ada.ids(HOME, limit=2) == [by_grace["id"], by_star["id"]]
    assert await ada.ids(HOME) == [by_grace["id"], by_star["id"], old["id"]]


async def test_what_is_posted_while_a_timeline_is_built_is_not_missed(
    app: FastAPI, ada: Person, grace: Person
) -> None:
    await ada.follow(grace)
    timelines: TimelineCache = app.state.timelines
    ada_id = UUID((await ada.expect(200, "GET", "/users/me"))["id"])
    token = await timelines.begin(ada_id)
    assert token is not None
    # The builder has read the database by now, and has not seen this one.
    await grace.post_text("Meanwhile")
    await timelines.fill(ada_id, token, [])
    window = await timelines.read(ada_id, None, 10)
    assert window is not None
    assert len(window.entry_ids) == 1


async def test_a_timeline_that_is_invalid_when_it_is_ready_is_thrown_away(
    app: FastAPI, ada: Person, grace: Person
) -> None:
    post = await ada.post_text("Mine")
    timelines: TimelineCache = app.state.timelines
    me = UUID((await ada.expect(200, "GET", "/users/me"))["id"])
    token = await timelines.begin(me)
    assert token is not None
    assert await timelines.begin(me) is None
    await ada.follow(grace)
    await timelines.fill(me, token, [])
    assert await timelines.read(me, None, 10) is None
    assert await ada.ids(HOME) == [post["id"]]


class TestRedisThatIsDown:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        # Nobody listens on port 1.
        return settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})

    async def test_the_database_answers(self, app: FastAPI, ada: Person, grace: Person) -> None:
        assert isinstance(app.state.redis, Redis)
        await ada.follow(grace)
        post = await grace.post_text("One")
        assert await ada.ids(HOME) == [post["id"]]
