"""Who sends a request: a client with a token, or the administrator."""

import secrets
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.database import Session
from app.errors import ServiceError
from app.limits import limit_address
from app.rate_limits import Limits
from app.settings import Settings
from app.tokens import service

Credentials = HTTPAuthorizationCredentials | None
token_scheme = HTTPBearer(scheme_name="token", auto_error=False)
secret_scheme = HTTPBearer(scheme_name="bootstrapSecret", auto_error=False)


class UnauthorizedError(ServiceError):
    """The token or the bootstrap secret is missing or wrong; which of the two is not told."""

    status = 401
    detail = "Send a valid token as `Authorization: Bearer <token>`."
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


async def get_token_id(
    request: Request,
    session: Session,
    limits: Limits,
    credentials: Annotated[Credentials, Depends(token_scheme)],
) -> UUID:
    """Return the id of the request's token. The request counts for the token's limit.

    Raises:
        UnauthorizedError: There is no token, or it is unknown or revoked.
        TooManyRequestsError: The token has sent too many requests, or the address too many
            without a valid one.
    """
    token_id = await service.find_token(session, credentials.credentials) if credentials else None
    if token_id is None:
        await limit_address(request, limits)
        raise UnauthorizedError
    settings: Settings = request.app.state.settings
    await limits.hit(settings.rate_limit_per_token, "token", str(token_id))
    return token_id


async def require_bootstrap_secret(
    request: Request, credentials: Annotated[Credentials, Depends(secret_scheme)]
) -> None:
    """Let only the administrator in.

    Raises:
        UnauthorizedError: The bootstrap secret is missing or wrong.
    """
    settings: Settings = request.app.state.settings
    sent = credentials.credentials if credentials else ""
    # In constant time: how long it takes must not tell how much of it is right.
    if not secrets.compare_digest(sent.encode(), settings.bootstrap_secret.encode()):
        raise UnauthorizedError("Send the bootstrap secret as `Authorization: Bearer <secret>`.")


CurrentTokenId = Annotated[UUID, Depends(get_token_id)]
administrator_only = Depends(require_bootstrap_secret)
