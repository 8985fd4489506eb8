"""The HTTP side of sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status

from app.auth import service
from app.auth.dependencies import (
    LIMITED_BY_ADDRESS,
    AppSettings,
    CurrentUser,
    UserAgent,
)
from app.auth.schemas import Credentials
from app.auth.service import WrongCredentialsError
from app.database import Session
from app.errors import NotFoundError
from app.openapi import problems
from app.rate_limits import Limits
from app.refresh_tokens import end_session as end
from app.refresh_tokens import list_sessions as open_sessions
from app.session_schemas import Refresh, SessionBody, SessionInfo, SessionList

router = APIRouter(prefix="/sessions", tags=["Sessions"], responses=problems(500, 503))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 401, 403, 413, 415, 422, 429),
)
async def log_in(
    session: Session,
    settings: AppSettings,
    limits: Limits,
    user_agent: UserAgent,
    credentials: Credentials,
) -> SessionBody:
    """Log in."""
    who = ("login", credentials.email.lower())
    await limits.check(settings.login_limit, *who)
    try:
        return await service.log_in(session, settings, credentials, user_agent)
    except WrongCredentialsError:
        # Only failures count: whoever knows the password may log in as often as they like.
        await limits.hit(settings.login_limit, *who)
        raise


@router.get("", responses=problems(401))
async def list_sessions(session: Session, me: CurrentUser) -> SessionList:
    """List own sessions."""
    sessions = await open_sessions(session, me.id)
    return SessionList(items=[SessionInfo.of(each, me.session_id) for each in sessions])


@router.delete("", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401))
async def log_out_everywhere(session: Session, me: CurrentUser) -> None:
    """Log out everywhere."""
    await service.log_out_everywhere(session, me.user)
    await session.commit()


@router.post(
    "/refresh",
    dependencies=[LIMITED_BY_ADDRESS],
    responses=problems(400, 401, 413, 415, 422, 429),
)
async def refresh_session(session: Session, settings: AppSettings, given: Refresh) -> SessionBody:
    """Get new tokens."""
    return await service.refresh(session, settings, given.refresh_token)


@router.delete(
    "/{sessionId:uuid}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 404)
)
async def end_session(
    session: Session, me: CurrentUser, session_id: Annotated[UUID, Path(alias="sessionId")]
) -> None:
    """End a session."""
    if not await end(session, me.id, session_id):
        raise NotFoundError("You have no session with this id.")
    await session.commit()
