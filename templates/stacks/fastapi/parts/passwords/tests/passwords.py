"""Makes hashing cheap, so that tests do not wait for it."""

from collections.abc import Iterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app import passwords


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        cheap = Argon2Hasher(memory_cost=8, time_cost=1, parallelism=1)
        patch.setattr(passwords, "hasher", PasswordHash((cheap,)))
        yield
