"""Who sends a request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.security.http import HTTPAuthorizationCredentials, HTTPBase

from app.auth.credentials import VerifiedCredentials, parse_basic
from app.auth.service import UnauthorizedError, authenticate
from app.database import Session
from app.rate_limits import Limits
from app.users.models import User

# FastAPI's HTTPBasic reads only ASCII, so this one leaves reading to us.
Basic = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBase(scheme="basic", scheme_name="basic", auto_error=False)),
]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Begin to remember which credentials were right."""
    app.state.verified_credentials = VerifiedCredentials()
    yield


async def get_current_user(
    request: Request, session: Session, limits: Limits, authorization: Basic
) -> User:
    """Return the account that the request is authenticated with.

    Raises:
        UnauthorizedError: There are no credentials, or wrong ones.
        TooManyRequestsError: Too many attempts for this account have failed.
    """
    if authorization is None or authorization.scheme.lower() != "basic":
        raise UnauthorizedError
    credentials = parse_basic(authorization.credentials)
    if credentials is None:
        raise UnauthorizedError
    verified: VerifiedCredentials = request.app.state.verified_credentials
    return await authenticate(session, limits, verified, credentials)


CurrentUser = Annotated[User, Depends(get_current_user)]
