"""The HTTP side of who is in a room."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.auth.dependencies import CurrentUser
from app.database import Session
from app.live.dependencies import CurrentHub
from app.members import service
from app.members.schemas import InvitationBody, MemberBody, MemberChanges, NewInvitation
from app.openapi import problems
from app.pages import Page, PageParameters
from app.rooms.router import RoomId
from app.rooms.schemas import RoomBody

router = APIRouter(tags=["Members"], responses=problems(401, 500, 503))
UserId = Annotated[UUID, Path(alias="userId", description="The user's id.")]


@router.post("/rooms/{roomId}/join", responses=problems(404))
async def join_room(session: Session, me: CurrentUser, room_id: RoomId) -> RoomBody:
    """Join a room."""
    return RoomBody.of(await service.join(session, me.id, room_id))


@router.post(
    "/rooms/{roomId}/leave",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(403, 404),
)
async def leave_room(session: Session, me: CurrentUser, hub: CurrentHub, room_id: RoomId) -> None:
    """Leave a room."""
    deleted = await service.leave(session, me.id, room_id)
    await hub.end_membership(room_id, me.id)
    if deleted:
        await hub.end_room(room_id)


@router.get("/rooms/{roomId}/members", responses=problems(404, 422))
async def list_members(
    session: Session,
    me: CurrentUser,
    hub: CurrentHub,
    room_id: RoomId,
    parameters: Annotated[PageParameters, Query()],
) -> Page[MemberBody]:
    """List members."""
    members, total = await service.list_members(session, me.id, room_id, parameters)
    online = await hub.presence.online(member.user_id for member in members)
    items = [MemberBody.of(member, online=member.user_id in online) for member in members]
    return Page[MemberBody].of(items, parameters, total)


@router.patch(
    "/rooms/{roomId}/members/{userId}", responses=problems(400, 403, 404, 409, 413, 415, 422)
)
async def change_member(  # noqa: PLR0913, PLR0917 - what FastAPI brings
    session: Session,
    me: CurrentUser,
    hub: CurrentHub,
    room_id: RoomId,
    user_id: UserId,
    changes: MemberChanges,
) -> MemberBody:
    """Change a member's role."""
    member = await service.change_role(session, me.id, room_id, user_id, changes.role)
    online = await hub.presence.online([user_id])
    return MemberBody.of(member, online=user_id in online)


@router.delete(
    "/rooms/{roomId}/members/{userId}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(403, 404, 409),
)
async def kick_member(
    session: Session, me: CurrentUser, hub: CurrentHub, room_id: RoomId, user_id: UserId
) -> None:
    """Remove a member."""
    await service.kick(session, me.id, room_id, user_id)
    await hub.end_membership(room_id, user_id)


@router.post(
    "/rooms/{roomId}/invitations",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 403, 404, 409, 413, 415, 422),
)
async def invite_user(
    session: Session, me: CurrentUser, room_id: RoomId, new: NewInvitation
) -> InvitationBody:
    """Invite somebody."""
    invitation = await service.invite(session, me.id, room_id, new.username)
    return InvitationBody.of(invitation)


@router.get("/invitations", responses=problems(422))
async def list_invitations(
    session: Session, me: CurrentUser, parameters: Annotated[PageParameters, Query()]
) -> Page[InvitationBody]:
    """List own invitations."""
    invitations, total = await service.list_invitations(session, me.id, parameters)
    items = [InvitationBody.of(invitation) for invitation in invitations]
    return Page[InvitationBody].of(items, parameters, total)


@router.delete(
    "/invitations/{roomId}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def decline_invitation(session: Session, me: CurrentUser, room_id: RoomId) -> None:
    """Decline an invitation."""
    await service.decline(session, me.id, room_id)
