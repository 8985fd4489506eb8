"""Who is asking, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.schemas import Credentials
from app.passwords import verify_password
from app.refusals import ForbiddenError
from app.tokens import (
    InvalidTokenError,
    TokenSettings,
    UnauthorizedError,
    issue_token,
    read_token,
)
from app.users.models import User
from app.users.service import get_user_by_name

MOVIES_WRITE = "movies:write"


class WrongCredentialsError(UnauthorizedError):
    """The name or the password is wrong; which one is not told."""

    detail = "The name or the password is wrong."


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a valid token.

    Args:
        user: Their account.
        scopes: What the token and the account allow, both.
    """

    user: User
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        """Make sure that they have a scope.

        Raises:
            ForbiddenError: They do not.
        """
        if scope not in self.scopes:
            raise ForbiddenError(f"This needs the scope {scope}.")


@dataclass(frozen=True)
class IssuedToken:
    """A new token and its scopes."""

    token: str
    scopes: list[str]


async def sign_in(
    session: AsyncSession, settings: TokenSettings, credentials: Credentials
) -> IssuedToken:
    """Return a token for a name and a password.

    Raises:
        WrongCredentialsError: There is no such account, or it has another password.
    """
    user = await get_user_by_name(session, credentials.username)
    password_hash = user.password_hash if user else None
    if not await verify_password(credentials.password, password_hash) or user is None:
        raise WrongCredentialsError
    wanted = user.scopes if credentials.scopes is None else user.scopes & {*credentials.scopes}
    scopes = sorted(wanted)
    token = issue_token(settings, str(user.id), user.token_version, scope=" ".join(scopes))
    return IssuedToken(token, scopes)


async def authenticate(session: AsyncSession, settings: TokenSettings, token: str) -> SignedIn:
    """Return whose token it is.

    The account is read each time: a deleted one, a changed password and a scope that was taken
    away count at once, not when the token expires.

    Raises:
        InvalidTokenError: It is not valid, or its account is gone or has a new password.
    """
    claims = read_token(settings, token)
    user = await session.get(User, UUID(claims.subject))
    if user is None or user.token_version != claims.version:
        raise InvalidTokenError
    return SignedIn(user, user.scopes & _scopes(claims.own))


def _scopes(own: Mapping[str, object]) -> frozenset[str]:
    return frozenset(str(own.get("scope", "")).split())
