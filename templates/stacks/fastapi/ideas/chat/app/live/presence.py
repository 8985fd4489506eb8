"""Who is online, in this process and in all.

With Redis every process keeps its own set of users and says every few seconds that it lives. A
process that has not said so for a while is dead; whoever notices first throws its set away and
tells who is gone.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from uuid import UUID

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
        on_gone: What to do with a user who went with their process.
    """

    def __init__(
        self, redis: Redis | None, process: str, on_gone: Callable[[UUID], Awaitable[None]]
    ) -> None:
        self._redis = redis
        self._process = process
        self._on_gone = on_gone
        self._here: Counter[UUID] = Counter()
        self._beat: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to say that this process lives."""
        if self._redis:
            self._beat = asyncio.create_task(self._beat_for_ever(self._redis))

    async def stop(self) -> None:
        """Say that this process and its users are gone."""
        if self._beat is None or self._redis is None:
            return
        self._beat.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._beat
        with contextlib.suppress(RedisUnavailableError):
            await self._redis.run(lambda client: client.delete(USERS + self._process))
            await self._redis.run(lambda client: client.zrem(PROCESSES, self._process))

    def connections(self, user_id: UUID) -> int:
        """Return how many connections a user has to this process."""
        return self._here[user_id]

    async def come(self, user_id: UUID) -> bool:
        """Count a new connection, and tell whether the user was offline."""
        before = await self.online([user_id])
        self._here[user_id] += 1
        if self._here[user_id] == 1 and self._redis:
            with contextlib.suppress(RedisUnavailableError):
                await self._redis.run(
                    lambda client: client.sadd(USERS + self._process, str(user_id))
                )
        return not before

    async def go(self, user_id: UUID) -> bool:
        """Count a connection that has ended, and tell whether the user is offline now."""
        self._here[user_id] -= 1
        if self._here[user_id] > 0:
            return False
        del self._here[user_id]
        if self._redis:
            with contextlib.suppress(RedisUnavailableError):
                await self._redis.run(
                    lambda client: client.srem(USERS + self._process, str(user_id))
                )
        return not await self.online([user_id])

    async def online(self, user_ids: Iterable[UUID]) -> set[UUID]:
        """Return those of the users who have a connection to any process."""
        wanted = set(user_ids)
        online = {user_id for user_id in wanted if self._here[user_id] > 0}
        elsewhere = sorted(wanted - online)
        if not elsewhere or self._redis is None:
            return online
        # Without Redis we know of our own connections only.
        with contextlib.suppress(RedisUnavailableError):
            for process in await self._alive(self._redis):
                online |= await self._users_in(self._redis, process, elsewhere)
        return online

    async def _alive(self, redis: Redis) -> list[str]:
        """Return the names of the processes that live."""
        since = time.time() - DEAD_AFTER
        found = await redis.run(lambda client: client.zrangebyscore(PROCESSES, since, "+inf"))
        return [str(process) for process in found]

    async def _users_in(self, redis: Redis, process: str, users: Sequence[UUID]) -> set[UUID]:
        """Return those of the users who are connected to a process."""
        names = [str(user_id) for user_id in users]
        found = await redis.run(lambda client: client.smismember(USERS + process, names))
        return {user_id for user_id, is_in in zip(users, found, strict=True) if is_in}

    async def _beat_for_ever(self, redis: Redis) -> None:
        while True:
            with contextlib.suppress(RedisUnavailableError):
                await self._say_that_we_live(redis)
                await self._bury_the_dead(redis)
            await asyncio.sleep(INTERVAL)

    async def _say_that_we_live(self, redis: Redis) -> None:
        users = [str(user_id) for user_id in self._here]
        if users:
            # All of them: Redis may have been away, and forgotten.
            await redis.run(lambda client: client.sadd(USERS + self._process, *users))
        await redis.run(lambda client: client.zadd(PROCESSES, {self._process: time.time()}))

    async def _bury_the_dead(self, redis: Redis) -> None:
        before = time.time() - DEAD_AFTER
        dead = await redis.run(lambda client: client.zrangebyscore(PROCESSES, "-inf", before))
        for process in map(str, dead):
            for user_id in await self._bury(redis, process):
                if not await self.online([user_id]):
                    await self._on_gone(user_id)

    async def _bury(self, redis: Redis, process: str) -> set[UUID]:
        """Forget a process and return its users; to all but the first who asks, it had none."""
        users = await redis.run(lambda client: client.smembers(USERS + process))
        if not await redis.run(lambda client: client.zrem(PROCESSES, process)):
            return set()
        await redis.run(lambda client: client.delete(USERS + process))
        return {UUID(str(user_id)) for user_id in users}
