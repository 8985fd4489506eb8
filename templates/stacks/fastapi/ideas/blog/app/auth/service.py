"""Logging in, and who a token belongs to."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.schemas import Credentials
from app.field_errors import UnauthenticatedError
from app.passwords import verify_password
from app.rate_limits import RateLimits
from app.tokens import InvalidTokenError, TokenSettings, issue_token, read_token
from app.users.models import User

# Attempts with one account from one address. Failed ones: a login that succeeds starts anew.
LOGIN_LIMIT = "10/15minutes"
# Made once: nearly every request runs it.
USERS = User.__table__
TOKEN_VERSION = select(USERS.c.token_version).where(USERS.c.id == bindparam("user_id"))


async def log_in(
    session: AsyncSession, limits: RateLimits, credentials: Credentials, address: str
) -> User:
    """Return the user with these credentials.

    Args:
        session: The database.
        limits: Where attempts are counted.
        credentials: What the client sent.
        address: Where the client is.

    Raises:
        TooManyRequestsError: Too many attempts have failed.
        UnauthenticatedError: Nobody has these credentials.
    """
    email = credentials.email.lower()
    # Counted before the password is looked at, so that guesses at the same time all count.
    await limits.hit(LOGIN_LIMIT, "login", email, address)
    user = await session.scalar(select(User).where(User.email == email))
    # Checking takes a while; the connection is for others meanwhile.
    await session.close()
    correct = await verify_password(credentials.password, user.password_hash if user else None)
    if user is None or not correct:
        raise UnauthenticatedError("credentials", detail="invalid")
    await limits.clear(LOGIN_LIMIT, "login", email, address)
    return user


def token_of(settings: TokenSettings, user: User) -> str:
    """Return a new token for a user."""
    return issue_token(settings, str(user.id), user.token_version)


async def user_id_of(session: AsyncSession, settings: TokenSettings, token: str) -> int:
    """Return the number of the user to whom a token belongs.

    Raises:
        UnauthenticatedError: It is not one of ours, has expired, or is older than the password.
    """
    try:
        claims = read_token(settings, token)
    except InvalidTokenError as error:
        raise UnauthenticatedError("token", detail="is invalid") from error
    user_id = int(claims.subject)
    if await session.scalar(TOKEN_VERSION, {"user_id": user_id}) != claims.version:
        raise UnauthenticatedError("token", detail="is invalid")
    return user_id
