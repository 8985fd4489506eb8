"""Who is asking, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.auth.service import authenticate
from app.database import Session
from app.tokens import BearerCredentials, UnauthorizedError
from app.users.models import User


async def get_current_user(
    request: Request, session: Session, credentials: BearerCredentials
) -> User:
    """Return who is asking.

    Raises:
        UnauthorizedError: There is no token, or it is not valid.
    """
    if credentials is None:
        raise UnauthorizedError
    return await authenticate(session, request.app.state.settings, credentials.credentials)


CurrentUser = Annotated[User, Depends(get_current_user)]
