"""The HTTP side of following, blocking and muting."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, status

from app.auth.dependencies import LIMITED, CurrentUser
from app.cursors import CursorParameters
from app.database import Session
from app.openapi import problems
from app.profiles.paths import Handle
from app.profiles.schemas import ProfilePage, RelationBody, profile_page
from app.profiles.service import get_relation, require_open
from app.relations import service
from app.relations.models import Kind
from app.timelines.cache import Timelines

router = APIRouter(tags=["Relations"], responses=problems(500, 503))

Page = Annotated[CursorParameters, Query()]
NO_CONTENT: dict[str, Any] = {
    "status_code": status.HTTP_204_NO_CONTENT,
    "responses": problems(401, 404),
}


@router.get("/profiles/{handle}/followers", responses=problems(401, 403, 404, 422))
async def list_followers(
    session: Session, me: CurrentUser, handle: Handle, page: Page
) -> ProfilePage:
    """List followers."""
    user = await require_open(session, me.id, handle)
    followers = service.from_others(user.id, Kind.FOLLOW)
    return profile_page(await service.list_related(session, me.id, followers, page))


@router.get("/profiles/{handle}/following", responses=problems(401, 403, 404, 422))
async def list_following(
    session: Session, me: CurrentUser, handle: Handle, page: Page
) -> ProfilePage:
    """List whom somebody follows."""
    user = await require_open(session, me.id, handle)
    followed = service.to_others(user.id, Kind.FOLLOW)
    return profile_page(await service.list_related(session, me.id, followed, page))


@router.get("/blocks", responses=problems(401, 422))
async def list_blocks(session: Session, me: CurrentUser, page: Page) -> ProfilePage:
    """List own blocks."""
    blocked = service.to_others(me.id, Kind.BLOCK)
    return profile_page(await service.list_related(session, me.id, blocked, page))


@router.get("/mutes", responses=problems(401, 422))
async def list_mutes(session: Session, me: CurrentUser, page: Page) -> ProfilePage:
    """List own mutes."""
    muted = service.to_others(me.id, Kind.MUTE)
    return profile_page(await service.list_related(session, me.id, muted, page))


@router.get("/follow-requests", responses=problems(401, 422))
async def list_follow_requests(session: Session, me: CurrentUser, page: Page) -> ProfilePage:
    """List follow requests."""
    asking = service.from_others(me.id, Kind.REQUEST)
    return profile_page(await service.list_related(session, me.id, asking, page))


@router.put("/follow-requests/{handle}", **NO_CONTENT)
async def accept_follow_request(
    session: Session, timelines: Timelines, me: CurrentUser, handle: Handle
) -> None:
    """Accept a follow request."""
    await service.accept(session, timelines, me.user, handle)


@router.delete("/follow-requests/{handle}", **NO_CONTENT)
async def refuse_follow_request(session: Session, me: CurrentUser, handle: Handle) -> None:
    """Refuse a follow request."""
    await service.refuse(session, me.user, handle)


@router.put(
    "/profiles/{handle}/follow",
    dependencies=[LIMITED],
    responses=problems(401, 404, 409, 429),
)
async def follow(
    session: Session, timelines: Timelines, me: CurrentUser, handle: Handle
) -> RelationBody:
    """Follow somebody."""
    other = await service.follow(session, timelines, me.user, handle)
    return await get_relation(session, me.id, other.id)


@router.delete("/profiles/{handle}/follow", **NO_CONTENT)
async def unfollow(session: Session, timelines: Timelines, me: CurrentUser, handle: Handle) -> None:
    """Stop following."""
    await service.unfollow(session, timelines, me.user, handle)


@router.put("/profiles/{handle}/block", responses=problems(401, 404, 409))
async def block(
    session: Session, timelines: Timelines, me: CurrentUser, handle: Handle
) -> RelationBody:
    """Block somebody."""
    other = await service.block(session, timelines, me.user, handle)
    return await get_relation(session, me.id, other.id)


@router.delete("/profiles/{handle}/block", **NO_CONTENT)
async def unblock(session: Session, me: CurrentUser, handle: Handle) -> None:
    """Unblock somebody."""
    await service.unblock(session, me.user, handle)


@router.put("/profiles/{handle}/mute", responses=problems(401, 404, 409))
async def mute(
    session: Session, timelines: Timelines, me: CurrentUser, handle: Handle
) -> RelationBody:
    """Mute somebody."""
    other = await service.mute(session, timelines, me.user, handle)
    return await get_relation(session, me.id, other.id)


@router.delete("/profiles/{handle}/mute", **NO_CONTENT)
async def unmute(session: Session, timelines: Timelines, me: CurrentUser, handle: Handle) -> None:
    """Unmute somebody."""
    await service.unmute(session, timelines, me.user, handle)
