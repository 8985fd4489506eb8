"""Who is asking, as dependencies of routes."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from app.auth.service import SignedIn, WrongPasswordError, authenticate
from app.database import Session
from app.rate_limits import Limits, client_address
from app.refusals import ForbiddenError
from app.settings import Settings
from app.tokens import BearerCredentials, UnauthorizedError


async def get_settings(request: Request) -> Settings:
    """Return the application's settings."""
    settings: Settings = request.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(get_settings)]


async def get_current_user(
    session: Session, settings: AppSettings, credentials: BearerCredentials
) -> SignedIn:
    """Return who is asking.

    Raises:
        UnauthorizedError: There is no token, or it is not valid.
    """
    if credentials is None:
        raise UnauthorizedError
    return await authenticate(session, settings, credentials.credentials)


CurrentUser = Annotated[SignedIn, Depends(get_current_user)]


async def require_moderator(me: CurrentUser) -> SignedIn:
    """Return who is asking, if they are a moderator.

    Raises:
        ForbiddenError: They are not.
    """
    if not me.user.is_moderator:
        raise ForbiddenError("Only moderators may do this.")
    return me


Moderator = Annotated[SignedIn, Depends(require_moderator)]


async def limit_writes(
    request: Request, settings: AppSettings, limits: Limits, me: CurrentUser
) -> None:
    """Count what an account does, for each route.

    Raises:
        TooManyRequestsError: It is too much.
    """
    await limits.hit(settings.write_limit, request.method, request.scope["route"].path, str(me.id))


async def limit_anonymous(request: Request, settings: AppSettings, limits: Limits) -> None:
    """Count what somebody without a token does, for each route.

    Raises:
        TooManyRequestsError: It is too much.
    """
    await limits.hit(
        settings.anonymous_limit,
        request.method,
        request.scope["route"].path,
        client_address(request),
    )


async def limit_registrations(request: Request, settings: AppSettings, limits: Limits) -> None:
    """Count new accounts.

    Raises:
        TooManyRequestsError: It is too much.
    """
    await limits.hit(settings.registration_limit, "registration", client_address(request))


async def count_guesses(
    settings: AppSettings, limits: Limits, me: CurrentUser
) -> AsyncIterator[None]:
    """Count wrong passwords: whoever finds an open browser must not be able to try them.

    Raises:
        TooManyRequestsError: There were too many.
    """
    who = ("password", str(me.id))
    await limits.check(settings.login_limit, *who)
    try:
        yield
    except WrongPasswordError:
        await limits.hit(settings.login_limit, *who)
        raise


# For routes that are limited: `dependencies=[LIMITED]`.
LIMITED = Depends(limit_writes)
LIMITED_BY_ADDRESS = Depends(limit_anonymous)
REGISTRATION_LIMITED = Depends(limit_registrations)
GUESSES_COUNTED = Depends(count_guesses, scope="function")


async def get_user_agent(request: Request) -> str:
    """Return what the client says it is."""
    return request.headers.get("user-agent", "")


UserAgent = Annotated[str, Depends(get_user_agent)]
