"""The HTTP side of one's own account."""

from fastapi import APIRouter, status

from app.auth.dependencies import (
    GUESSES_COUNTED,
    REGISTRATION_LIMITED,
    AppSettings,
    CurrentUser,
)
from app.database import Session
from app.location import Locate
from app.media.storage import MediaStorage
from app.openapi import header, problems
from app.rate_limits import Limits
from app.timelines.cache import Timelines
from app.users import export, service
from app.users.schemas import Deletion, ExportBody, MeBody, MeChanges, NewUser

router = APIRouter(prefix="/users", tags=["Accounts"], responses=problems(500, 503))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[REGISTRATION_LIMITED],
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 409, 413, 415, 422, 429),
    },
)
async def register_user(session: Session, locate: Locate, new: NewUser) -> MeBody:
    """Register."""
    user = await service.register(session, new)
    locate("get_me")
    return await service.describe(session, user)


@router.get("/me", responses=problems(401))
async def get_me(session: Session, me: CurrentUser) -> MeBody:
    """Who am I?"""
    return await service.describe(session, me.user)


@router.patch(
    "/me",
    dependencies=[GUESSES_COUNTED],
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def change_me(
    session: Session, timelines: Timelines, me: CurrentUser, changes: MeChanges
) -> MeBody:
    """Change oneself."""
    user = await service.change(session, timelines, me, changes)
    return await service.describe(session, user)


@router.delete(
    "/me",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[GUESSES_COUNTED],
    responses=problems(400, 401, 403, 413, 415, 422, 429),
)
async def delete_me(
    session: Session,
    storage: MediaStorage,
    timelines: Timelines,
    me: CurrentUser,
    proof: Deletion,
) -> None:
    """Delete the account."""
    files = await service.delete_account(session, me.user, proof.password)
    await timelines.forget(me.id)
    await storage.delete(files)


@router.get("/me/export", responses=problems(401, 429))
async def export_me(
    session: Session, settings: AppSettings, limits: Limits, me: CurrentUser
) -> ExportBody:
    """Export the account."""
    await limits.hit(settings.export_limit, "export", str(me.id))
    return await export.export(session, me.user)
