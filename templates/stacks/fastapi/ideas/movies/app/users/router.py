"""The HTTP side of accounts."""

from fastapi import APIRouter, Request, status

from app.auth.dependencies import CurrentUser
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.rate_limits import Limits, client_address
from app.settings import Settings
from app.users import service
from app.users.schemas import NewUser, PasswordChange, UserBody

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
    request: Request, session: Session, locate: Locate, limits: Limits, new: NewUser
) -> UserBody:
    """Create an account."""
    settings: Settings = request.app.state.settings
    await limits.hit(settings.registration_limit, "registration", client_address(request))
    user = await service.register(session, new)
    locate("get_me")
    return UserBody.of(user)


@router.get("/me", responses=problems(401))
async def get_me(me: CurrentUser) -> UserBody:
    """Read one's own account."""
    return UserBody.of(me.user)


@router.patch("/me", responses=problems(400, 401, 403, 413, 415, 422, 429))
async def change_me(
    request: Request, session: Session, me: CurrentUser, limits: Limits, change: PasswordChange
) -> UserBody:
    """Change one's own password."""
    settings: Settings = request.app.state.settings
    # Whoever finds an open browser must not be able to try passwords in it.
    await limits.hit(settings.login_limit, "password", str(me.user.id))
    return UserBody.of(await service.change_password(session, me.user, change))


@router.delete("/me", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401))
async def delete_me(session: Session, me: CurrentUser) -> None:
    """Delete one's own account."""
    await service.delete_user(session, me.user.id)
