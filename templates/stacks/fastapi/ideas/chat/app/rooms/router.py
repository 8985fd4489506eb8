"""The HTTP side of rooms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.auth.dependencies import CurrentUser
from app.database import Session
from app.live.dependencies import CurrentHub
from app.location import Locate
from app.openapi import header, problems
from app.pages import Page
from app.rooms import service
from app.rooms.schemas import (
    NewDirectConversation,
    NewRoom,
    RoomBody,
    RoomChanges,
    RoomQuery,
)

router = APIRouter(tags=["Rooms"], responses=problems(401, 500, 503))
RoomId = Annotated[UUID, Path(alias="roomId", description="The room's id.")]


@router.get("/rooms", responses=problems(422))
async def list_rooms(
    session: Session, me: CurrentUser, query: Annotated[RoomQuery, Query()]
) -> Page[RoomBody]:
    """List rooms."""
    rooms, total = await service.list_rooms(session, me.id, query)
    return Page[RoomBody].of([RoomBody.of(room) for room in rooms], query, total)


@router.post(
    "/rooms",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 413, 415, 422),
    },
)
async def create_room(session: Session, me: CurrentUser, locate: Locate, new: NewRoom) -> RoomBody:
    """Make a room."""
    room = RoomBody.of(await service.create_room(session, me.id, new))
    locate("get_room", roomId=str(room.id))
    return room


@router.get("/rooms/{roomId}", responses=problems(404))
async def get_room(session: Session, me: CurrentUser, room_id: RoomId) -> RoomBody:
    """Read a room."""
    return RoomBody.of(await service.see_room(session, me.id, room_id))


@router.patch("/rooms/{roomId}", responses=problems(400, 403, 404, 413, 415, 422))
async def change_room(
    session: Session, me: CurrentUser, room_id: RoomId, changes: RoomChanges
) -> RoomBody:
    """Change a room."""
    return RoomBody.of(await service.change_room(session, me.id, room_id, changes))


@router.delete(
    "/rooms/{roomId}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(403, 404),
)
async def delete_room(session: Session, me: CurrentUser, hub: CurrentHub, room_id: RoomId) -> None:
    """Delete a room."""
    await service.delete_room(session, me.id, room_id)
    await hub.end_room(room_id)


@router.post("/direct-conversations", responses=problems(400, 404, 409, 413, 415, 422))
async def open_direct_conversation(
    session: Session, me: CurrentUser, new: NewDirectConversation
) -> RoomBody:
    """Talk to one other person."""
    room = await service.open_direct_conversation(session, me.id, new.username)
    return RoomBody.of(room)
