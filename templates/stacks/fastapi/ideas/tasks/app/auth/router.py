"""The HTTP side of sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, status

from app import refresh_tokens
from app.auth import service
from app.auth.dependencies import AppSettings, CurrentUser
from app.auth.schemas import Credentials
from app.auth.service import WrongCredentialsError
from app.database import Session
from app.errors import NotFoundError
from app.openapi import problems
from app.rate_limits import Limits, client_address
from app.refresh_tokens import RefreshToken
from app.session_schemas import Refresh, SessionBody, SessionInfo, SessionList
from app.settings import Settings

router = APIRouter(prefix="/sessions", tags=["Sessions"], responses=problems(500, 503))
SessionId = Annotated[UUID, Path(alias="sessionId", description="The session's id.")]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 401, 413, 415, 422, 429),
)
async def log_in(
    request: Request,
    session: Session,
    settings: AppSettings,
    limits: Limits,
    credentials: Credentials,
) -> SessionBody:
    """Log in."""
    who = ("login", credentials.email.lower(), client_address(request))
    await limits.check(settings.login_limit, *who)
    user_agent = request.headers.get("User-Agent", "")
    try:
        started = await service.log_in(
            session, settings, credentials.email, credentials.password, user_agent
        )
    except WrongCredentialsError:
        # Only failures count: whoever knows the password may log in as often as they like.
        await limits.hit(settings.login_limit, *who)
        raise
    return _with_tokens(settings, started)


@router.get("", responses=problems(401))
async def list_sessions(session: Session, me: CurrentUser) -> SessionList:
    """List own sessions."""
    sessions = await refresh_tokens.list_sessions(session, me.user.id)
    return SessionList(items=[SessionInfo.of(each, me.session_id) for each in sessions])


@router.delete("", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401))
async def log_out_everywhere(session: Session, me: CurrentUser) -> None:
    """End all sessions of the user."""
    await refresh_tokens.end_sessions(session, me.user.id)
    await session.commit()


@router.post("/refresh", responses=problems(400, 401, 413, 415, 422))
async def refresh_session(session: Session, settings: AppSettings, body: Refresh) -> SessionBody:
    """Exchange a refresh token for new tokens."""
    return _with_tokens(settings, await service.refresh(session, settings, body.refresh_token))


@router.delete(
    "/{sessionId:uuid}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 404),
)
async def end_session(session: Session, me: CurrentUser, session_id: SessionId) -> None:
    """End one of the own sessions."""
    if not await refresh_tokens.end_session(session, me.user.id, session_id):
        raise NotFoundError("There is no session with this id.")
    await session.commit()


def _with_tokens(settings: Settings, token: RefreshToken) -> SessionBody:
    return SessionBody(
        id=token.session_id,
        access_token=service.access_token_of(settings, token),
        refresh_token=token.token,
        token_type="Bearer",  # noqa: S106 - the kind, no secret
        expires_in=settings.access_token_seconds,
    )
