"""Sessions and who has them. Knows the database and nothing of HTTP."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.passwords import verify_password
from app.refresh_tokens import LoginSession, RefreshToken, rotate, start_session
from app.settings import Settings
from app.tokens import InvalidTokenError, UnauthorizedError, issue_token, read_token
from app.users.models import User
from app.users.service import find_user

# The session is looked up with each request, and a new password ends the others: the version by
# which other applications tell old tokens is not needed.
VERSION = 0
# Made once: every request runs it.
SIGNED_IN = (
    select(User)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(
        LoginSession.id == bindparam("session_id"),
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > bindparam("now"),
    )
)


class WrongCredentialsError(UnauthorizedError):
    """The address is unknown or not confirmed, or the password is wrong; which one is not told."""

    detail = "The address or the password is wrong."


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a valid access token.

    Args:
        user: Their account.
        session_id: The session that the token belongs to.
    """

    user: User
    session_id: UUID


async def log_in(
    session: AsyncSession, settings: Settings, email: str, password: str, user_agent: str
) -> RefreshToken:
    """Begin a session.

    Raises:
        WrongCredentialsError: There is no such account, or it may not log in with this password.
    """
    user = await find_user(session, email.lower())
    matches = await verify_password(password, user.password_hash if user else None)
    if user is None or not matches or (settings.confirms_email and user.confirmed_at is None):
        raise WrongCredentialsError
    started = await start_session(session, settings, user.id, user_agent)
    await session.commit()
    return started


async def refresh(session: AsyncSession, settings: Settings, token: str) -> RefreshToken:
    """Exchange a refresh token for the next one.

    Raises:
        InvalidRefreshTokenError: It cannot be used. If it was used before, the session has ended.
    """
    return await rotate(session, settings, token)


def access_token_of(settings: Settings, token: RefreshToken) -> str:
    """Return an access token for a session."""
    return issue_token(settings, str(token.user_id), VERSION, sid=str(token.session_id))


async def authenticate(session: AsyncSession, settings: Settings, token: str) -> SignedIn:
    """Return whose token it is.

    The session is read each time: when it has ended its access token does not work any more.

    Raises:
        InvalidTokenError: It is not valid, or its session has ended.
    """
    claims = read_token(settings, token)
    session_id = UUID(claims.own["sid"])
    user: User | None = await session.scalar(SIGNED_IN, {"session_id": session_id, "now": now()})
    if user is None:
        raise InvalidTokenError
    return SignedIn(user, session_id)
