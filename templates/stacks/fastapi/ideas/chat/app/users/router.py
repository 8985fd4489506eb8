"""The HTTP side of accounts."""

from fastapi import APIRouter, Request, status

from app.auth.dependencies import CurrentUser
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.rate_limits import Limits, client_address
from app.settings import Settings
from app.users import service
from app.users.schemas import NewUser, UserBody

router = APIRouter(prefix="/users", tags=["Users"], responses=problems(500, 503))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 409, 413, 415, 422, 429),
    },
)
async def register_user(
    request: Request, session: Session, limits: Limits, locate: Locate, new: NewUser
) -> UserBody:
    """Register."""
    settings: Settings = request.app.state.settings
    await limits.hit(settings.registration_limit, "registration", client_address(request))
    user = await service.register(session, new)
    locate("get_me")
    return UserBody.of(user)


@router.get("/me", responses=problems(401))
async def get_me(me: CurrentUser) -> UserBody:
    """Who am I?"""
    return UserBody.of(me)
