from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine

from app.settings import Settings, load_settings
from app.tokens import DEFAULT_SECRET_KEY, InvalidTokenError, issue_token, read_token

SECRET = "0123456789abcdef0123456789abcdef"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate({"secret_key": SECRET, "access_token_seconds": 60})


def test_a_token_says_who_and_until_when(settings: Settings) -> None:
    with time_machine.travel(NOON, tick=False):
        claims = read_token(settings, issue_token(settings, "ada", 3, scope="read"))
    assert (claims.subject, claims.version, claims.own) == ("ada", 3, {"scope": "read"})
    assert (claims.issued_at, claims.expires_at) == (NOON, NOON + timedelta(seconds=60))


def test_each_token_has_an_id_of_its_own(settings: Settings) -> None:
    tokens = [issue_token(settings, "ada", 1) for _ in range(2)]
    assert len({read_token(settings, token).id for token in tokens}) == 2


def test_a_token_expires(settings: Settings) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        token = issue_token(settings, "ada", 1)
        clock.shift(59)
        read_token(settings, token)
        clock.shift(1)
        with pytest.raises(InvalidTokenError):
            read_token(settings, token)


def encode(algorithm: str = "HS256", secret: str = SECRET, **changes: Any) -> str:
    """Return a token that is right but for the changes; None leaves a claim out."""
    claims = {
        "sub": "ada",
        "ver": 1,
        "jti": "1",
        "iat": datetime.now(UTC),
        "exp": datetime.now(UTC) + timedelta(hours=1),
        **changes,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, secret, algorithm)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "x.y.z",
        "\ud800",
        "ü.ü.ü",
        encode(secret="another secret that is long enough, too"),
        encode(algorithm="HS384", secret=SECRET * 2),
        encode(algorithm="none", secret=""),
        encode(sub=None),
        encode(ver=None),
        encode(jti=None),
        encode(iat=None),
        encode(exp=None),
        encode(iat=datetime.now(UTC) + timedelta(hours=1)),
    ],
)
def test_any_other_token_is_refused(settings: Settings, token: str) -> None:
    with pytest.raises(InvalidTokenError):
        read_token(settings, token)


def test_a_token_that_was_changed_is_refused(settings: Settings) -> None:
    head, body, signature = issue_token(settings, "ada", 1).split(".")
    other = issue_token(settings, "bob", 1).split(".")[1]
    assert body != other
    with pytest.raises(InvalidTokenError):
        read_token(settings, f"{head}.{other}.{signature}")


@pytest.mark.parametrize(
    ("secret", "environment", "message"),
    [
        ("x" * 31, "development", "SECRET_KEY: must have at least 32 bytes"),
        ("", "production", "SECRET_KEY: must be set in production"),
        (DEFAULT_SECRET_KEY, "production", "SECRET_KEY: must be set in production"),
    ],
)
def test_a_secret_that_can_be_guessed_is_refused(
    monkeypatch: pytest.MonkeyPatch, secret: str, environment: str, message: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///data/app.db")
    monkeypatch.setenv("SECRET_KEY", secret)
    monkeypatch.setenv("ENVIRONMENT", environment)
    with pytest.raises(SystemExit) as ended:
        load_settings()
    assert str(ended.value.code) == f"Configuration error: {message}"


def test_the_secret_is_not_shown(settings: Settings) -> None:
    assert SECRET not in repr(settings)
