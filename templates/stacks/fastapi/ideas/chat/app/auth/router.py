"""The HTTP side of logging in."""

from fastapi import APIRouter, Request, status

from app.auth import service
from app.auth.schemas import Credentials, TokenBody
from app.auth.service import WrongCredentialsError
from app.database import Session
from app.openapi import problems
from app.rate_limits import Limits
from app.settings import Settings

router = APIRouter(prefix="/tokens", tags=["Users"], responses=problems(500, 503))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 401, 413, 415, 422, 429),
)
async def create_token(
    request: Request, session: Session, limits: Limits, credentials: Credentials
) -> TokenBody:
    """Log in."""
    settings: Settings = request.app.state.settings
    who = ("login", credentials.username)
    await limits.check(settings.login_limit, *who)
    try:
        token = await service.log_in(session, settings, credentials.username, credentials.password)
    except WrongCredentialsError:
        # Only failures count: whoever knows the password may log in as often as they like.
        await limits.hit(settings.login_limit, *who)
        raise
    return TokenBody(
        access_token=token,
        token_type="Bearer",  # noqa: S106 - the kind, no secret
        expires_in=settings.access_token_seconds,
    )
