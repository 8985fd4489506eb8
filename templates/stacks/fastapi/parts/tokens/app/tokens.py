"""Access tokens: JSON Web Tokens that the application signs itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import uuid4

import jwt
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field, SecretStr, field_validator, model_validator

from app.clock import now
from app.configuration import CommonSettings
from app.errors import ServiceError

ALGORITHM = "HS256"
# The default of .env.example; everybody knows it.
DEFAULT_SECRET_KEY = "change-me-change-me-change-me-change-me"  # noqa: S105
# RFC 7518, section 3.2: a key of the size of the hash or larger.
MIN_SECRET_BYTES = 32
REGISTERED = ("sub", "ver", "jti", "iat", "exp")


class TokenSettings(CommonSettings):
    """How tokens are signed and how long they are valid."""

    secret_key: SecretStr = SecretStr(DEFAULT_SECRET_KEY)
    access_token_seconds: Annotated[int, Field(ge=1, le=31_536_000)] = 3600

    @field_validator("secret_key")
    @classmethod
    def _refuse_short_secret(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value().encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"must have at least {MIN_SECRET_BYTES} bytes")
        return secret

    @model_validator(mode="after")
    def _refuse_default_secret_in_production(self) -> Self:
        if self.is_production and self.secret_key.get_secret_value() == DEFAULT_SECRET_KEY:
            raise ValueError("SECRET_KEY: must be set in production")
        return self


class UnauthorizedError(ServiceError):
    """The request needs a token and has none."""

    status = 401
    detail = "Sign in to do this."
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


class InvalidTokenError(UnauthorizedError):
    """The token is not ours, has expired or does not count any more."""

    detail = "The token is not valid, or not any more."
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


# The token of the header `Authorization: Bearer ...`; None without such a header.
BearerCredentials = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(bearerFormat="JWT", auto_error=False)),
]


@dataclass(frozen=True)
class Claims:
    """What a valid token says.

    Args:
        subject: Whose token it is.
        version: The version of their credentials: a changed password makes a new one, and a token
            with another version does not count any more. Whoever reads the token compares.
        id: The token's own id.
        issued_at: Since when it is valid.
        expires_at: Until when it is valid.
        own: The claims that were added.
    """

    subject: str
    version: int
    id: str
    issued_at: datetime
    expires_at: datetime
    own: Mapping[str, Any]


def issue_token(settings: TokenSettings, subject: str, version: int, **own: Any) -> str:
    """Return a signed token with the claims of its owner, and own ones."""
    issued_at = now()
    claims = {
        **own,
        "sub": subject,
        "ver": version,
        "jti": str(uuid4()),
        "iat": issued_at,
        "exp": issued_at + timedelta(seconds=settings.access_token_seconds),
    }
    return jwt.encode(claims, settings.secret_key.get_secret_value(), ALGORITHM)


def read_token(settings: TokenSettings, token: str) -> Claims:
    """Check a token and return what it says.

    Raises:
        InvalidTokenError: It is not one of ours, or has expired.
    """
    try:
        claims = jwt.decode(
            token,
            settings.secret_key.get_secret_value(),
            [ALGORITHM],
            options={"require": list(REGISTERED)},
        )
    # A token may hold text that is no UTF-8, or characters that are no text at all.
    except (jwt.InvalidTokenError, ValueError) as error:
        raise InvalidTokenError from error
    return Claims(
        subject=claims["sub"],
        version=claims["ver"],
        id=claims["jti"],
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        own={name: value for name, value in claims.items() if name not in REGISTERED},
    )
