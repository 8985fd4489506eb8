"""Who is asking, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.auth.service import SignedIn, authenticate
from app.database import Session
from app.settings import Settings
from app.tokens import BearerCredentials, UnauthorizedError


# `async` although it waits for nothing: FastAPI runs other functions in a thread, which costs more
# than they do.
async def get_settings(request: Request) -> Settings:
    """Return the application's configuration."""
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
