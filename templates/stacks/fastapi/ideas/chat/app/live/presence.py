"""Who is online, in this process and in all.

With Redis every process keeps there the set of its users, and says every few seconds that it
lives. A process that has not said so for a while is dead: whoever notices first throws its set
away and tells who is gone.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from uuid import UUID

from redis.asyncio import Redis as Client

from app.redis import Redis, RedisUnavailableError

PROCESSES = "chat:processes"
USERS = "chat:online:"
# How often a process says that it lives, and after how long it counts as dead, in seconds.
INTERVAL = 2.0
DEAD_AFTER = 8.0


class Presence:
    """Counts connections.

    Args:
        redis: Where processes tell one another; None where there is only one.
        process: The name of this one.
        on_change: What to do when a user may have come or gone with a whole process.
    """

    def __init__(
        self, redis: Redis | None, process: str, on_change: Callable[[UUID], Awaitable[None]]
    ) -> None:
        self._redis = redis
        self._process = process
        self._on_change = on_change
        self._here: Counter[UUID] = Counter()
        self._beat: asyncio.Task[None] | None = None
        self._is_stopping = False
        # Held while our set in Redis changes: it takes changes in the order in which they happened.
        self._changing = asyncio.Lock()

    async def start(self) -> None:
        """Say that this process lives, now and from now on."""
        if self._redis:
            await self._beat_once(self._redis)
            self._beat = asyncio.create_task(self._beat_for_ever(self._redis))

    async def stop(self) -> None:
        """Say that this process is gone."""
        if self._beat is None or self._redis is None:
            return
        # Both: a timeout in the client of Redis may swallow a cancellation.
        self._is_stopping = True
        self._beat.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._beat
        with contextlib.suppress(RedisUnavailableError):
            await self._redis.run(lambda client: client.zrem(PROCESSES, self._process))
            await self._redis.run(lambda client: client.delete(USERS + self._process))

    def connections(self, user_id: UUID) -> int:
        """Return how many connections a user has to this process."""
        return self._here[user_id]

    async def come(self, user_id: UUID) -> bool:
        """Count a new connection, and tell whether the user was offline."""
        self._here[user_id] += 1
        if self._here[user_id] > 1:
            return False
        was_online = await self._elsewhere([user_id])
        await self._change(lambda client: client.sadd(USERS + self._process, str(user_id)))
        return not was_online

    async def go(self, user_id: UUID) -> bool:
        """Count a connection that has ended, and tell whether the user is offline now."""
        self._here[user_id] -= 1
        if self._here[user_id] > 0:
            return False
        del self._here[user_id]
        await self._change(lambda client: client.srem(USERS + self._process, str(user_id)))
        return not await self.online([user_id])

    async def _change(self, command: Callable[[Client], Awaitable[int]]) -> None:
        # What Redis misses now it is told with the next beat.
        if self._redis:
            with contextlib.suppress(RedisUnavailableError):
                async with self._changing:
                    await self._redis.run(command)

    async def online(self, user_ids: Iterable[UUID]) -> set[UUID]:
        """Return those of the users who have a connection to any process."""
        wanted = set(user_ids)
        here = {user_id for user_id in wanted if user_id in self._here}
        return here | await self._elsewhere(sorted(wanted - here))

    async def _elsewhere(self, users: Sequence[UUID]) -> set[UUID]:
        """Return those of the users who are connected to another process that lives."""
        found: set[UUID] = set()
        if not users or self._redis is None:
            return found
        # Without Redis we know of our own connections only.
        with contextlib.suppress(RedisUnavailableError):
            since = await _time(self._redis) - DEAD_AFTER
            living = await self._redis.run(
                lambda client: client.zrangebyscore(PROCESSES, since, "+inf")
            )
            for process in map(str, living):
                if process != self._process:
                    found |= await self._users_in(self._redis, process, users)
        return found

    async def _users_in(self, redis: Redis, process: str, users: Sequence[UUID]) -> set[UUID]:
        """Return those of the users who are connected to a process."""
        names = [str(user_id) for user_id in users]
        found = await redis.run(lambda client: client.smismember(USERS + process, names))
        return {user_id for user_id, is_in in zip(users, found, strict=True) if is_in}

    async def _beat_for_ever(self, redis: Redis) -> None:
        while not self._is_stopping:
            await asyncio.sleep(INTERVAL)
            await self._beat_once(redis)

    async def _beat_once(self, redis: Redis) -> None:
        with contextlib.suppress(RedisUnavailableError):
            await self._say_that_we_live(redis)
            await self._bury_the_dead(redis)

    async def _say_that_we_live(self, redis: Redis) -> None:
        moment = await _time(redis)

        async def replace(client: Client) -> int:
            # All of them: Redis may have been away, or have forgotten.
            async with client.pipeline() as pipeline:
                pipeline.delete(USERS + self._process)
                if self._here:
                    pipeline.sadd(USERS + self._process, *map(str, self._here))
                pipeline.zadd(PROCESSES, {self._process: moment})
                *_, added = await pipeline.execute()
            return int(added)

        async with self._changing:
            added = await redis.run(replace)
        if added:
            # The others did not know us, or took us for dead and said that our users are gone.
            for user_id in [*self._here]:
                await self._on_change(user_id)

    async def _bury_the_dead(self, redis: Redis) -> None:
        before = await _time(redis) - DEAD_AFTER
        dead = await redis.run(lambda client: client.zrangebyscore(PROCESSES, "-inf", before))
        for process in map(str, dead):
            for user_id in await self._bury(redis, process):
                await self._on_change(user_id)

    async def _bury(self, redis: Redis, process: str) -> set[UUID]:
        """Forget a process and return its users; to all but the first who asks, it had none."""
        users = await redis.run(lambda client: client.smembers(USERS + process))
        if not await redis.run(lambda client: client.zrem(PROCESSES, process)):
            return set()
        await redis.run(lambda client: client.delete(USERS + process))
        return {UUID(str(user_id)) for user_id in users}


async def _time(redis: Redis) -> float:
    """Return the time of Redis: the clocks of two machines may differ."""
    seconds, microseconds = await redis.run(lambda client: client.time())
    return float(seconds) + float(microseconds) / 1_000_000
