"""The HTTP side of accounts."""

from fastapi import APIRouter, status

from app.auth.dependencies import CurrentUser
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.users import service
from app.users.schemas import NewUser, UserBody

router = APIRouter(prefix="/users", tags=["Users"], responses=problems(500, 503))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 409, 413, 415, 422),
    },
)
async def create_user(session: Session, locate: Locate, new: NewUser) -> UserBody:
    """Register."""
    user = await service.create_user(session, new)
    locate("get_current_user")
    return UserBody.of(user)


@router.get("/me", responses=problems(401, 429))
async def get_current_user(user: CurrentUser) -> UserBody:
    """Read your account."""
    return UserBody.of(user)


@router.delete("/me", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 429))
async def delete_current_user(session: Session, user: CurrentUser) -> None:
    """Delete your account and all its contacts."""
    await service.delete_user(session, user)
