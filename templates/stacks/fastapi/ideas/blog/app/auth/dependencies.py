"""Who sends a request."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader

from app.auth.service import user_id_of
from app.database import Session
from app.field_errors import UnauthenticatedError
from app.settings import Settings
from app.users.models import NOBODY, User

SCHEMES = {"token", "bearer"}
Authorization = Annotated[
    str | None,
    Depends(
        APIKeyHeader(
            name="Authorization",
            scheme_name="Token",
            description="`Token`, a space, and the token of registering or logging in.",
            auto_error=False,
        )
    ),
]


def settings_of(request: Request) -> Settings:
    """Return the application's settings."""
    settings: Settings = request.app.state.settings
    return settings


def token_in(authorization: str | None) -> str | None:
    """Return the token of the header, or None without the header.

    Raises:
        UnauthenticatedError: The header holds something else.
    """
    if not authorization:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() not in SCHEMES:
        raise UnauthenticatedError("token", detail="is invalid")
    return token.strip()


async def get_viewer_id(request: Request, session: Session, authorization: Authorization) -> int:
    """Return the number of the user of the request, or without a token one that nobody has.

    Raises:
        UnauthenticatedError: The token is not valid.
    """
    token = token_in(authorization)
    return NOBODY if token is None else await user_id_of(session, settings_of(request), token)


async def get_user_id(request: Request, session: Session, authorization: Authorization) -> int:
    """Return the number of the user of the request.

    Raises:
        UnauthenticatedError: There is no token, or one that is not valid.
    """
    token = token_in(authorization)
    if token is None:
        raise UnauthenticatedError("token", detail="is missing")
    return await user_id_of(session, settings_of(request), token)


# For routes that everybody may use, and that answer a little more to those who are logged in.
ViewerId = Annotated[int, Depends(get_viewer_id)]
# For routes that only users may use.
UserId = Annotated[int, Depends(get_user_id)]


async def get_user(session: Session, user_id: UserId) -> User:
    """Return the user of the request.

    Raises:
        UnauthenticatedError: There is no token, or one that is not valid.
    """
    return await session.get_one(User, user_id)


CurrentUser = Annotated[User, Depends(get_user)]


async def get_token(_user_id: UserId, authorization: Authorization) -> str:
    """Return the token of the request.

    Raises:
        UnauthenticatedError: There is no token, or one that is not valid.
    """
    return token_in(authorization) or ""


CurrentToken = Annotated[str, Depends(get_token)]
