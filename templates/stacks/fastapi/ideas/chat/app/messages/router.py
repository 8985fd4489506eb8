"""The HTTP side of messages: what was said. What is said now goes over the WebSocket."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.auth.dependencies import CurrentUser
from app.database import Session
from app.live.dependencies import CurrentHub
from app.messages import service
from app.messages.schemas import (
    HistoryQuery,
    MessageBody,
    MessageList,
    ReadMark,
    RoomUnread,
    SearchQuery,
    UnreadCounts,
)
from app.openapi import problems
from app.rooms.router import RoomId
from app.rooms.schemas import RoomBody

router = APIRouter(tags=["Messages"], responses=problems(401, 500, 503))


@router.get("/rooms/{roomId}/messages", responses=problems(403, 404, 422))
async def list_messages(
    session: Session, me: CurrentUser, room_id: RoomId, query: Annotated[HistoryQuery, Query()]
) -> MessageList:
    """Read the history."""
    messages, has_more = await service.read_history(session, me.id, room_id, query)
    items = [MessageBody.of(message, me.id) for message in messages]
    return MessageList(items=items, has_more=has_more)


@router.get("/rooms/{roomId}/messages/search", responses=problems(403, 404, 422))
async def search_messages(
    session: Session, me: CurrentUser, room_id: RoomId, query: Annotated[SearchQuery, Query()]
) -> MessageList:
    """Search in a room."""
    messages, has_more = await service.search(session, me.id, room_id, query)
    items = [MessageBody.of(message, me.id) for message in messages]
    return MessageList(items=items, has_more=has_more)


@router.put("/rooms/{roomId}/read", responses=problems(400, 403, 404, 413, 415, 422))
async def mark_read(
    session: Session, me: CurrentUser, hub: CurrentHub, room_id: RoomId, mark: ReadMark
) -> RoomBody:
    """Mark as read."""
    seen = await service.mark_read_as_seen(session, me.id, room_id, mark.seq)
    await hub.tell_read(room_id, me.id, seen.last_read_seq or 0)
    return RoomBody.of(seen)


@router.get("/unread-counts")
async def get_unread_counts(session: Session, me: CurrentUser) -> UnreadCounts:
    """Count what is unread."""
    counts = await service.count_unread(session, me.id)
    return UnreadCounts(
        total=sum(count for _, count in counts),
        rooms=[RoomUnread(room_id=room_id, unread_count=count) for room_id, count in counts],
    )
