"""The HTTP side of signing in."""

from fastapi import APIRouter, Request, status

from app.auth import service
from app.auth.schemas import Credentials, TokenBody
from app.auth.service import WrongCredentialsError
from app.database import Session
from app.openapi import problems
from app.rate_limits import Limits, client_address
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
    """Get a token."""
    settings: Settings = request.app.state.settings
    who = ("login", credentials.username, client_address(request))
    await limits.check(settings.login_limit, *who)
    try:
        issued = await service.sign_in(session, settings, credentials)
    except WrongCredentialsError:
        # Only failures count: whoever knows the password may sign in as often as they like.
        await limits.hit(settings.login_limit, *who)
        raise
    return TokenBody.model_validate(
        {
            "accessToken": issued.token,
            "tokenType": "Bearer",
            "expiresIn": settings.access_token_seconds,
            "scopes": issued.scopes,
        }
    )
