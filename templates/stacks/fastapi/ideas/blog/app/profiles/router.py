"""The HTTP side of profiles."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.auth.dependencies import UserId, ViewerId
from app.database import Session
from app.openapi import problems
from app.profiles import service
from app.profiles.schemas import ProfileResponse
from app.texts import in_path

router = APIRouter(
    prefix="/profiles/{username}", tags=["Profiles"], responses=problems(401, 404, 500, 503)
)

Username = Annotated[str, Path(description="The user's name, in any case."), in_path(50)]


@router.get("")
async def get_profile(session: Session, viewer_id: ViewerId, username: Username) -> ProfileResponse:
    """Read a profile."""
    return ProfileResponse.of(*await service.get_profile(session, username, viewer_id))


@router.post("/follow")
async def follow_user(session: Session, user_id: UserId, username: Username) -> ProfileResponse:
    """Follow a user."""
    return ProfileResponse.of(await service.follow(session, username, user_id), following=True)


@router.delete("/follow")
async def unfollow_user(session: Session, user_id: UserId, username: Username) -> ProfileResponse:
    """Follow a user no longer."""
    return ProfileResponse.of(await service.unfollow(session, username, user_id), following=False)
