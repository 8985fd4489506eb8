"""Who is asking?"""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.passwords import verify_password
from app.tokens import (
    InvalidTokenError,
    TokenSettings,
    UnauthorizedError,
    issue_token,
    read_token,
)
from app.users.models import User
from app.users.service import find_user

# Made once: every request runs it.
ACCOUNT = select(User).where(User.id == bindparam("user_id"))


class WrongCredentialsError(UnauthorizedError):
    """The name or the password is wrong; which one is not told."""

    detail = "The name or the password is wrong."


async def log_in(
    session: AsyncSession, settings: TokenSettings, username: str, password: str
) -> str:
    """Return an access token for a name and a password.

    Raises:
        WrongCredentialsError: There is no such account, or it has another password.
    """
    user = await find_user(session, username)
    password_hash = user.password_hash if user else None
    if not await verify_password(password, password_hash) or user is None:
        raise WrongCredentialsError
    return issue_token(settings, str(user.id), user.token_version)


async def authenticate(session: AsyncSession, settings: TokenSettings, token: str) -> User:
    """Return whose token it is.

    Raises:
        InvalidTokenError: It is not valid, or its account is gone or has a new password.
    """
    claims = read_token(settings, token)
    user: User | None = await session.scalar(ACCOUNT, {"user_id": UUID(claims.subject)})
    if user is None or user.token_version != claims.version:
        raise InvalidTokenError
    return user
