"""Home timelines in Redis: what somebody posts is written into the timelines of their followers.

Redis only remembers which entries a timeline has. What its reader may see of them the database
decides each time: a timeline that is out of date may lack something for a while, but never shows
what is hidden.

- A timeline is kept while somebody reads it: the first read builds it, `LIFETIME` later it is gone.
- It holds the newest `LENGTH` entries. Older ones are read from the database.
- Accounts with many followers are left out: their entries are read from the database and merged
  (`widely_followed`). Who once was one stays one, because timelines lack what was posted meanwhile.
- While a timeline is built, posts go on to arrive. They are written into it as soon as its state
  says "being built", which is before the database is read: so none is missed. Whoever makes a
  timeline invalid meanwhile deletes the state, and what the builder brings is thrown away.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from redis.asyncio import Redis as Client
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.posts.models import Entry
from app.redis import Redis, RedisUnavailableError
from app.relations.models import Kind, Relation
from app.users.models import User

LENGTH = 800
# In seconds. Also the longest time for which a timeline lacks a post whose process died between
# the commit and the fan-out.
LIFETIME = 600
BUILDING = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RELATIONS = Relation.__table__
FOLLOWERS = select(RELATIONS.c.source_id).where(
    RELATIONS.c.target_id == bindparam("user_id"), RELATIONS.c.kind == Kind.FOLLOW
)
# How many timelines one command writes into; Redis does nothing else meanwhile.
BATCH = 500

# KEYS: timeline and state of each follower. ARGV: moment, entry, LENGTH, LIFETIME.
PUSH = """
for i = 1, #KEYS, 2 do
    if redis.call('EXISTS', KEYS[i + 1]) == 1 then
        redis.call('ZADD', KEYS[i], ARGV[1], ARGV[2])
        redis.call('ZREMRANGEBYRANK', KEYS[i], 0, -tonumber(ARGV[3]) - 1)
        redis.call('EXPIRE', KEYS[i], ARGV[4], 'NX')
    end
end
"""
# KEYS: timeline and state. ARGV: the highest moment, how many entries.
READ = """
if redis.call('GET', KEYS[2]) ~= 'ready' then
    return {}
end
return redis.call(
    'ZRANGE', KEYS[1], ARGV[1], '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, ARGV[2], 'WITHSCORES'
)
"""
# KEYS: timeline and state. ARGV: the builder's token, LENGTH, LIFETIME, then moments and entries.
FILL = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
    return 0
end
for i = 4, #ARGV, 2 do
    redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -tonumber(ARGV[2]) - 1)
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], 'ready', 'EX', ARGV[3])
return 1
"""


@dataclass(frozen=True)
class Window:
    """A part of a timeline.

    Args:
        entry_ids: Its entries.
        oldest: The moment down to which no entry is missing.
    """

    entry_ids: Sequence[UUID]
    oldest: datetime


class TimelineCache:
    """The home timelines that Redis remembers; without Redis it remembers nothing.

    Args:
        redis: Where they are.
        fan_out_followers: Accounts with more followers are not written into timelines.
    """

    def __init__(self, redis: Redis | None, fan_out_followers: int) -> None:
        self._redis = redis
        self.fan_out_followers = fan_out_followers

    async def push(self, session: AsyncSession, actor: User, entry: Entry) -> None:
        """Write an entry that was committed into the timelines of the actor and their followers."""
        if self._redis is None:
            return
        followers: Sequence[UUID] = []
        if not actor.widely_followed:
            # One query needs no BEGIN before and no ROLLBACK after it.
            alone = {"isolation_level": "AUTOCOMMIT"}
            connection = await session.connection(execution_options=alone)
            followers = (await connection.scalars(FOLLOWERS, {"user_id": actor.id})).all()
        readers = [actor.id, *followers]
        arguments: list[str | int] = [_moment(entry.created_at), entry.id.hex, LENGTH, LIFETIME]
        with suppress(RedisUnavailableError):
            for start in range(0, len(readers), BATCH):
                keys = [key for each in readers[start : start + BATCH] for key in _keys(each)]
                await self._redis.run(partial(_eval, PUSH, keys, arguments))

    async def forget(self, *user_ids: UUID) -> None:
        """Throw timelines away, because what belongs into them has changed."""
        if self._redis is None or not user_ids:
            return
        keys = [key for each in user_ids for key in _keys(each)]
        with suppress(RedisUnavailableError):
            await self._redis.run(lambda client: client.delete(*keys))

    async def read(self, user_id: UUID, before: datetime | None, count: int) -> Window | None:
        """Return the newest entries, or those until a moment; None where Redis cannot tell."""
        if self._redis is None:
            return None
        highest = "+inf" if before is None else _moment(before)
        try:
            found = await self._redis.run(partial(_eval, READ, _keys(user_id), [highest, count]))
        except RedisUnavailableError:
            return None
        if not found:
            return None
        # Entries and their moments take turns.
        oldest = EPOCH + timedelta(microseconds=int(float(found[-1])))
        return Window([UUID(entry_id) for entry_id in found[::2]], oldest)

    async def begin(self, user_id: UUID) -> str | None:
        """Announce that a timeline is being built; None where nobody should."""
        if self._redis is None:
            return None
        _, state = _keys(user_id)
        token = secrets.token_hex(8)
        try:
            begun = await self._redis.run(
                lambda client: client.set(state, token, nx=True, ex=BUILDING)
            )
        except RedisUnavailableError:
            return None
        return token if begun else None

    async def fill(
        self, user_id: UUID, token: str, entries: Collection[tuple[UUID, datetime]]
    ) -> None:
        """Write what a timeline has, unless it was made invalid since `begin`."""
        if self._redis is None:
            return
        keys = _keys(user_id)
        scored = [part for each, at in entries for part in (_moment(at), each.hex)]
        with suppress(RedisUnavailableError):
            await self._redis.run(partial(_eval, FILL, keys, [token, LENGTH, LIFETIME, *scored]))


def _eval(
    script: str, keys: Sequence[str], arguments: Sequence[str | int], client: Client
) -> Awaitable[Any]:
    """Run a script, which Redis does as one step."""
    return client.eval(script, len(keys), *keys, *arguments)


def _keys(user_id: UUID) -> tuple[str, str]:
    """Return the keys of a timeline and of its state."""
    return f"home:{{{user_id.hex}}}", f"home:{{{user_id.hex}}}:state"


def _moment(at: datetime) -> int:
    """Return a moment in microseconds, which a score of Redis holds exactly."""
    return (at - EPOCH) // timedelta(microseconds=1)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make the cache; comes after app/redis.py's lifespan."""
    app.state.timelines = TimelineCache(app.state.redis, app.state.settings.fan_out_followers)
    yield


async def get_timelines(request: Request) -> TimelineCache:
    """Return the application's cache."""
    cache: TimelineCache = request.app.state.timelines
    return cache


Timelines = Annotated[TimelineCache, Depends(get_timelines)]
