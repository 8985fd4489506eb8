"""The HTTP side of logging in."""

from fastapi import APIRouter, Request

from app.auth import service
from app.auth.dependencies import settings_of
from app.auth.schemas import LoginRequest
from app.database import Session
from app.openapi import problems
from app.rate_limits import Limits, client_address
from app.users.schemas import UserResponse

router = APIRouter(tags=["Users"], responses=problems(500, 503))


@router.post("/users/login", responses=problems(400, 401, 413, 415, 422, 429))
async def login(
    request: Request,
    session: Session,
    limits: Limits,
    body: LoginRequest,
) -> UserResponse:
    """Log in."""
    user = await service.log_in(session, limits, body.user, client_address(request))
    return UserResponse.of(user, service.token_of(settings_of(request), user))
