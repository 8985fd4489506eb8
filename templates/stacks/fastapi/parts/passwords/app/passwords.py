"""Passwords are stored as Argon2id hashes."""

import os
from functools import cache

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# The least that OWASP's Password Storage Cheat Sheet recommends: 19 MiB, two passes, one lane.
hasher = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
# More hashes at a time than processors would not be faster, and each needs its memory.
_at_once = CapacityLimiter(os.cpu_count() or 1)


async def hash_password(password: str) -> str:
    """Return the hash of a password, with its salt and parameters."""
    return await to_thread.run_sync(lambda: hasher.hash(password), limiter=_at_once)


async def verify_password(password: str, password_hash: str | None) -> bool:
    """Tell whether a password has this hash.

    Without a hash the answer is no, after the same time: who measures it cannot tell which
    accounts exist.
    """

    def verify() -> bool:
        matches = hasher.verify(password, password_hash or _hash_of_nobody(hasher))
        return matches and password_hash is not None

    return await to_thread.run_sync(verify, limiter=_at_once)


@cache
def _hash_of_nobody(current: PasswordHash) -> str:
    return current.hash("nobody")
