"""The HTTP side of registering and of the user who is logged in."""

from fastapi import APIRouter, Request, status

from app.auth.dependencies import CurrentToken, CurrentUser, settings_of
from app.auth.service import token_of
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.users import service
from app.users.schemas import NewUserRequest, UpdateUserRequest, UserResponse

router = APIRouter(tags=["Users"], responses=problems(500, 503))


@router.post(
    "/users",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 409, 413, 415, 422),
    },
)
async def create_user(
    session: Session,
    request: Request,
    locate: Locate,
    new: NewUserRequest,
) -> UserResponse:
    """Register, and be logged in."""
    user = await service.create_user(session, new.user)
    locate("get_profile", username=user.username)
    return UserResponse.of(user, token_of(settings_of(request), user))


@router.get("/user", responses=problems(401))
async def get_current_user(user: CurrentUser, token: CurrentToken) -> UserResponse:
    """Read yourself."""
    # With the token of the request: reading must not make a session longer.
    return UserResponse.of(user, token)


@router.put("/user", responses=problems(400, 401, 409, 413, 415, 422))
async def update_current_user(
    session: Session,
    request: Request,
    user: CurrentUser,
    token: CurrentToken,
    changes: UpdateUserRequest,
) -> UserResponse:
    """Change yourself."""
    version = user.token_version
    changed = await service.change_user(session, user, changes.user)
    if changed.token_version != version:
        token = token_of(settings_of(request), changed)
    return UserResponse.of(changed, token)
