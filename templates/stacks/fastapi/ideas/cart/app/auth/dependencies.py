"""Who sends a request, and whether the request comes from where it should."""

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, APIKeyHeader

from app.auth.service import UnauthorizedError, Visitor, csrf_token_of, find_visitor
from app.database import Session
from app.refusals import ForbiddenError
from app.settings import Settings
from app.users.models import User

COOKIE = "session"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SEND_TOKEN = "Send the CSRF token of your session in X-CSRF-Token."  # noqa: S105

# FastAPI would answer 403 to a reader without the cookie.
SessionCookie = Annotated[
    str | None, Depends(APIKeyCookie(name=COOKIE, scheme_name="session", auto_error=False))
]
CsrfToken = Annotated[
    str | None,
    Depends(APIKeyHeader(name=CSRF_HEADER, scheme_name="csrfToken", auto_error=False)),
]


async def check_csrf(request: Request) -> None:
    """Let a request that may change something pass only with its session's CSRF token.

    app/routes.py puts this before every route, so that no route can forget it.

    Raises:
        ForbiddenError: The cookie or the token is missing, or they do not belong together.
    """
    if request.method in SAFE_METHODS:
        return
    cookie, token = request.cookies.get(COOKIE), request.headers.get(CSRF_HEADER)
    if not cookie or not token:
        raise ForbiddenError(SEND_TOKEN)
    if not hmac.compare_digest(csrf_token_of(cookie).encode(), token.encode()):
        raise ForbiddenError(SEND_TOKEN)


async def get_visitor(
    request: Request, session: Session, cookie: SessionCookie, _token: CsrfToken
) -> Visitor | None:
    """Return who sends the request; None for a client without a session.

    The CSRF token is looked at above; here it is for the document that the application serves.
    """
    settings: Settings = request.app.state.settings
    return await find_visitor(session, settings, cookie) if cookie else None


OptionalVisitor = Annotated[Visitor | None, Depends(get_visitor)]


async def get_current_visitor(visitor: OptionalVisitor) -> Visitor:
    """Return who sends the request, logged in or not.

    Raises:
        ForbiddenError: The client has no session, so its CSRF token is of none.
    """
    if visitor is None:
        raise ForbiddenError("Your session has ended. Get a new CSRF token.")
    return visitor


CurrentVisitor = Annotated[Visitor, Depends(get_current_visitor)]


async def get_current_user(visitor: OptionalVisitor) -> User:
    """Return the account that is logged in.

    Raises:
        UnauthorizedError: Nobody is logged in.
    """
    if visitor is None or visitor.user is None:
        raise UnauthorizedError
    return visitor.user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def get_staff(user: CurrentUser) -> User:
    """Return the member of staff who is logged in.

    Raises:
        ForbiddenError: Somebody else is logged in.
    """
    if user.role != "staff":
        raise ForbiddenError("Only staff may do this.")
    return user


Staff = Annotated[User, Depends(get_staff)]
