"""The HTTP side of notifications."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from app.auth.dependencies import CurrentUser
from app.cursors import CursorPage
from app.database import Session
from app.notifications import service
from app.notifications.schemas import NotificationBody, NotificationQuery
from app.openapi import problems

router = APIRouter(
    prefix="/notifications", tags=["Notifications"], responses=problems(401, 500, 503)
)


@router.get("", responses=problems(422))
async def list_notifications(
    session: Session, me: CurrentUser, query: Annotated[NotificationQuery, Query()]
) -> CursorPage[NotificationBody]:
    """List notifications."""
    items, following = await service.list_notifications(session, me.user.id, query)
    return CursorPage[NotificationBody](items=items, next_cursor=following)


@router.post("/read", status_code=status.HTTP_204_NO_CONTENT)
async def read_notifications(session: Session, me: CurrentUser) -> None:
    """Mark all as read."""
    await service.read_all(session, me.user.id)
