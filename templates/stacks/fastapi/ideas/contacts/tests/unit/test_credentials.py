import base64

import pytest

from app.auth import credentials
from app.auth.credentials import REMEMBERED_SECONDS, Credentials, VerifiedCredentials, parse_basic

ADA = Credentials("ada@example.com", "a long way to the moon")


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_an_email_and_a_password_are_read_in_utf8() -> None:
    expected = Credentials("ada@example.com", "ünlikely: 🥁")
    assert parse_basic(encoded("Ada@Example.com:ünlikely: 🥁")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "???",
        encoded("no colon"),
        encoded(":password"),
        encoded("nobody:password"),
        encoded("ada@example.com\0:password"),
        encoded("ada@example.com:" + "x" * 129),
        encoded("a" * 250 + "@example.com:password"),
        base64.b64encode(b"ada@example.com:\xff").decode(),
        "ä",
    ],
)
def test_what_no_account_can_have_is_refused(text: str) -> None:
    assert parse_basic(text) is None


def test_what_was_right_is_known() -> None:
    verified = VerifiedCredentials()
    assert not verified.know(ADA, "hash")
    verified.remember(ADA, "hash")
    assert verified.know(ADA, "hash")


@pytest.mark.parametrize(
    ("others", "password_hash"),
    [
        (Credentials(ADA.email, "another"), "hash"),
        (Credentials("grace@example.com", ADA.password), "hash"),
        (ADA, "another hash"),
        (Credentials(ADA.email, ADA.password.upper()), "hash"),
    ],
)
def test_nothing_else_is_known(others: Credentials, password_hash: str) -> None:
    verified = VerifiedCredentials()
    verified.remember(ADA, "hash")
    assert not verified.know(others, password_hash)


def test_it_is_forgotten_after_some_minutes() -> None:
    clock = Clock()
    verified = VerifiedCredentials(clock)
    verified.remember(ADA, "hash")
    clock.seconds += REMEMBERED_SECONDS - 1
    assert verified.know(ADA, "hash")
    clock.seconds += 1
    assert not verified.know(ADA, "hash")


def test_the_oldest_is_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "MOST_REMEMBERED", 2)
    verified = VerifiedCredentials()
    for password_hash in ("one", "two", "three"):
        verified.remember(ADA, password_hash)
    known = [verified.know(ADA, each) for each in ("one", "two", "three")]
    assert known == [False, True, True]


def test_another_process_could_not_use_what_is_remembered() -> None:
    one, other = VerifiedCredentials(), VerifiedCredentials()
    one.remember(ADA, "hash")
    other._until = one._until  # noqa: SLF001
    assert not other.know(ADA, "hash")
    assert ADA.password.encode() not in b"".join(one._until)  # noqa: SLF001
