from unittest.mock import Mock

import pytest
from pwdlib import PasswordHash

from app import passwords
from app.passwords import hash_password, verify_password


async def test_only_the_right_password_fits() -> None:
    stored = await hash_password("correct horse 🐎")
    assert await verify_password("correct horse 🐎", stored)
    assert not await verify_password("Correct horse 🐎", stored)


async def test_the_same_password_never_has_the_same_hash() -> None:
    assert await hash_password("correct horse") != await hash_password("correct horse")


async def test_a_hash_is_argon2id() -> None:
    assert (await hash_password("correct horse")).startswith("$argon2id$")


async def test_nobody_has_no_password() -> None:
    assert not await verify_password("nobody", None)


async def test_verifying_nobodys_password_takes_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Mock(PasswordHash, wraps=passwords.hasher)
    monkeypatch.setattr(passwords, "hasher", watched)
    await verify_password("nobody", None)
    assert watched.verify.call_count == 1
