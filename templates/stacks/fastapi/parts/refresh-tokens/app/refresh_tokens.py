"""Refresh tokens: each session has one, which is exchanged for a new one with each use.

A session begins with a login. Whoever uses a token of it a second time has copied it, or the owner
was copied from: nobody can tell which, so the session ends for both (RFC 9700, section 4.14).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import ColumnElement, ForeignKey, String, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.configuration import CommonSettings
from app.database import Base, UtcDateTime
from app.errors import ServiceError

MAX_USER_AGENT = 200


class RefreshTokenSettings(CommonSettings):
    """How long a session lives without being used."""

    refresh_token_days: Annotated[int, Field(ge=1, le=365)] = 30


class InvalidRefreshTokenError(ServiceError):
    """The refresh token is not ours, or its session has ended."""

    status = 401
    detail = "The session has ended. Sign in again."
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


class LoginSession(Base):
    """Somebody who is signed in with one client, until they sign out or stay away too long."""

    __tablename__ = "login_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # Of the token that can be used next. Only the hash: a copy of the table opens no session. A
    # random token needs no slow hash, because nobody can try them all.
    token_hash: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(MAX_USER_AGENT))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class RefreshToken:
    """A token, and what it belongs to.

    Args:
        user_id: Whose session it is.
        session_id: The session.
        token: What the client gets.
    """

    user_id: UUID
    session_id: UUID
    token: str


async def start_session(
    session: AsyncSession, settings: RefreshTokenSettings, user_id: UUID, user_agent: str
) -> RefreshToken:
    """Begin a session, in the caller's transaction, and return its first token.

    Args:
        session: Where to store it.
        settings: How long it lives.
        user_id: Whose session it is.
        user_agent: What their client says it is, for the list of sessions.
    """
    moment = now()
    await session.execute(
        delete(LoginSession).where(
            LoginSession.user_id == user_id, LoginSession.expires_at <= moment
        )
    )
    session_id, secret = uuid4(), _secret()
    started = LoginSession(
        id=session_id,
        user_id=user_id,
        token_hash=_hash(secret),
        user_agent=user_agent.replace("\0", "")[:MAX_USER_AGENT],
        started_at=moment,
        used_at=moment,
        expires_at=_expiry(settings, moment),
    )
    session.add(started)
    await session.flush()
    return RefreshToken(user_id, session_id, _token(session_id, secret))


async def rotate(session: AsyncSession, settings: RefreshTokenSettings, token: str) -> RefreshToken:
    """Exchange a token for the session's next one; this commits.

    Raises:
        InvalidRefreshTokenError: It cannot be used. If it was used before, the session has ended.
    """
    session_id, secret = _parts(token)
    following, moment = _secret(), now()
    # Of several requests with the same token the database lets one change the row.
    statement = (
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.token_hash == _hash(secret),
            *_open(moment),
        )
        .values(token_hash=_hash(following), used_at=moment, expires_at=_expiry(settings, moment))
        .returning(LoginSession.user_id)
    )
    user_id = await session.scalar(statement)
    if user_id is None:
        await _end(session, LoginSession.id == session_id)
    await session.commit()
    if user_id is None:
        raise InvalidRefreshTokenError
    return RefreshToken(user_id, session_id, _token(session_id, following))


async def list_sessions(session: AsyncSession, user_id: UUID) -> Sequence[LoginSession]:
    """Return a user's open sessions, the one used last first."""
    statement = (
        select(LoginSession)
        .where(LoginSession.user_id == user_id, *_open(now()))
        .order_by(LoginSession.used_at.desc(), LoginSession.id)
    )
    return (await session.scalars(statement)).all()


async def is_open(session: AsyncSession, session_id: UUID) -> bool:
    """Tell whether a session has not ended, for access tokens that must end with it."""
    statement = select(LoginSession.id).where(LoginSession.id == session_id, *_open(now()))
    return await session.scalar(statement) is not None


async def end_session(session: AsyncSession, user_id: UUID, session_id: UUID) -> bool:
    """End one of a user's sessions, in the caller's transaction, and tell whether it was open."""
    return await _end(session, LoginSession.user_id == user_id, LoginSession.id == session_id)


async def end_sessions(session: AsyncSession, user_id: UUID) -> None:
    """End all sessions of a user, in the caller's transaction."""
    await _end(session, LoginSession.user_id == user_id)


async def _end(session: AsyncSession, *which: ColumnElement[bool]) -> bool:
    moment = now()
    statement = (
        update(LoginSession)
        .where(*which, *_open(moment))
        .values(ended_at=moment)
        .returning(LoginSession.id)
    )
    return bool((await session.scalars(statement)).all())


def _open(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return LoginSession.ended_at.is_(None), LoginSession.expires_at > moment


def _expiry(settings: RefreshTokenSettings, moment: datetime) -> datetime:
    return moment + timedelta(days=settings.refresh_token_days)


def _secret() -> str:
    return secrets.token_urlsafe(32)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _token(session_id: UUID, secret: str) -> str:
    return f"{session_id.hex}.{secret}"


def _parts(token: str) -> tuple[UUID, str]:
    session_id, _, secret = token.partition(".")
    try:
        return UUID(session_id), secret
    except ValueError:
        raise InvalidRefreshTokenError from None
