"""The HTTP side of profiles."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.auth.dependencies import CurrentUser
from app.database import Session
from app.openapi import problems
from app.profiles import service
from app.profiles.paths import Handle
from app.profiles.schemas import ProfileBody, ProfilePage, ProfileQuery, profile_page

router = APIRouter(prefix="/profiles", tags=["Profiles"], responses=problems(500, 503))


@router.get("", responses=problems(401, 422))
async def search_profiles(
    session: Session, me: CurrentUser, query: Annotated[ProfileQuery, Query()]
) -> ProfilePage:
    """Find people."""
    return profile_page(await service.search_profiles(session, me.id, query))


@router.get("/{handle}", responses=problems(401, 404))
async def get_profile(session: Session, me: CurrentUser, handle: Handle) -> ProfileBody:
    """Read a profile."""
    return await service.get_profile(session, me.id, handle)
