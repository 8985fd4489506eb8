"""Who is asking, and how they log in."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.schemas import Credentials
from app.passwords import verify_password
from app.refresh_tokens import (
    InvalidRefreshTokenError,
    RefreshToken,
    end_sessions,
    rotate,
    start_session,
)
from app.refusals import ForbiddenError
from app.session_schemas import SessionBody
from app.settings import Settings
from app.tokens import InvalidTokenError, UnauthorizedError, issue_token, read_token
from app.users.models import User

# Every request with a token needs it, so it is made once.
BY_ID = select(User).where(User.id == bindparam("user_id"))


class WrongCredentialsError(UnauthorizedError):
    """The address or the password is wrong; which one is not told."""

    detail = "The address or the password is wrong."
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


class WrongPasswordError(ForbiddenError):
    """Somebody who is signed in does not know the password."""

    detail = "The password is wrong."


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a valid token.

    Args:
        user: Their account.
        session_id: The session that the token belongs to.
    """

    user: User
    session_id: UUID

    @property
    def id(self) -> UUID:
        return self.user.id


async def log_in(
    session: AsyncSession, settings: Settings, credentials: Credentials, user_agent: str
) -> SessionBody:
    """Begin a session for an address and a password.

    Raises:
        WrongCredentialsError: There is no such account, or it has another password.
        ForbiddenError: The account is suspended.
    """
    user: User | None = await session.scalar(
        select(User).where(User.email == credentials.email.lower())
    )
    password_hash = user.password_hash if user else None
    if not await verify_password(credentials.password, password_hash) or user is None:
        raise WrongCredentialsError
    return await open_session(session, settings, user, user_agent)


async def open_session(
    session: AsyncSession, settings: Settings, user: User, user_agent: str
) -> SessionBody:
    """Begin a session for somebody who has proved who they are; this commits.

    Raises:
        ForbiddenError: The account is suspended.
    """
    if user.suspended_at is not None:
        raise ForbiddenError("This account is suspended.")
    refresh_token = await start_session(session, settings, user.id, user_agent)
    await session.commit()
    return _body(settings, refresh_token, user.token_version)


async def refresh(session: AsyncSession, settings: Settings, token: str) -> SessionBody:
    """Exchange a refresh token for new tokens.

    Raises:
        InvalidRefreshTokenError: It cannot be used, or not any more.
    """
    refresh_token = await rotate(session, settings, token)
    user = await session.get(User, refresh_token.user_id)
    if user is None:
        raise InvalidRefreshTokenError
    return _body(settings, refresh_token, user.token_version)


async def log_out_everywhere(session: AsyncSession, user: User) -> None:
    """End all sessions of somebody, in the caller's transaction; their tokens stop working now."""
    user.token_version += 1
    await end_sessions(session, user.id)


def _body(settings: Settings, refresh_token: RefreshToken, version: int) -> SessionBody:
    sid = str(refresh_token.session_id)
    return SessionBody(
        id=refresh_token.session_id,
        access_token=issue_token(settings, str(refresh_token.user_id), version, sid=sid),
        refresh_token=refresh_token.token,
        token_type="Bearer",  # noqa: S106
        expires_in=settings.access_token_seconds,
    )


async def authenticate(session: AsyncSession, settings: Settings, token: str) -> SignedIn:
    """Return whose token it is.

    The account is read each time: a deletion, a suspension and a new password count at once.

    Raises:
        InvalidTokenError: It is not valid, or does not count any more.
    """
    claims = read_token(settings, token)
    user: User | None = await session.scalar(BY_ID, {"user_id": UUID(claims.subject)})
    if user is None or user.token_version != claims.version or user.suspended_at is not None:
        raise InvalidTokenError
    return SignedIn(user, UUID(claims.own["sid"]))
