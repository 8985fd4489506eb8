"""The HTTP side of notifications."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from app.auth.dependencies import CurrentUser
from app.cursors import CursorParameters
from app.database import Session
from app.notifications import service
from app.notifications.schemas import NotificationPage, UnreadCount
from app.openapi import problems

router = APIRouter(prefix="/notifications", tags=["Notifications"], responses=problems(500, 503))


@router.get("", responses=problems(401, 422))
async def list_notifications(
    session: Session, me: CurrentUser, page: Annotated[CursorParameters, Query()]
) -> NotificationPage:
    """List notifications."""
    items, following = await service.list_notifications(session, me.id, page)
    return NotificationPage(items=list(items), next_cursor=following)


@router.get("/unread-count", responses=problems(401))
async def count_unread(session: Session, me: CurrentUser) -> UnreadCount:
    """Count what is unread."""
    return UnreadCount(count=await service.count_unread(session, me.id))


@router.post("/read", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401))
async def read_notifications(session: Session, me: CurrentUser) -> None:
    """Mark all as read."""
    await service.read_all(session, me.id)
