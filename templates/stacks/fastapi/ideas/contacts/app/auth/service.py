"""Tells who somebody is."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.credentials import Credentials, VerifiedCredentials
from app.errors import ServiceError
from app.passwords import verify_password
from app.rate_limits import RateLimits
from app.users.models import User

FAILURES = "5/minute"
# Made once: every request runs it.
ACCOUNT = select(User).where(User.email == bindparam("email"))


class UnauthorizedError(ServiceError):
    """The credentials are missing or wrong; the answer does not tell which, nor why."""

    status = 401
    detail = "Log in with the e-mail and the password of an account."
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Basic realm="Contact List", charset="UTF-8"'}


async def authenticate(
    session: AsyncSession,
    limits: RateLimits,
    verified: VerifiedCredentials,
    credentials: Credentials,
) -> User:
    """Return the account of the credentials.

    Raises:
        UnauthorizedError: There is none with this e-mail, or the password is wrong.
        TooManyRequestsError: Too many attempts have failed, so this one is not looked at.
    """
    user = await session.scalar(ACCOUNT, {"email": credentials.email})
    if user and verified.know(credentials, user.password_hash):
        return user
    # Verifying takes a while: others can use the connection meanwhile.
    await session.commit()
    async with verified.turn(credentials.email):
        if not (user and verified.know(credentials, user.password_hash)):
            await _verify(limits, credentials, user)
    if user is None:
        raise UnauthorizedError
    verified.remember(credentials, user.password_hash)
    return user


async def _verify(limits: RateLimits, credentials: Credentials, user: User | None) -> None:
    """Verify a password; an unknown account takes as long as a wrong password."""
    await limits.check(FAILURES, "login", credentials.email)
    password_hash = user.password_hash if user else None
    if not await verify_password(credentials.password, password_hash):
        await limits.hit(FAILURES, "login", credentials.email)
        raise UnauthorizedError
