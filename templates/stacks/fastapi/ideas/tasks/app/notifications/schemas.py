"""What clients get."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.cursors import CursorParameters
from app.notifications.models import Kind
from app.schemas import ResponseBody, strict_boolean
from app.users.schemas import UserBody


class NotificationQuery(CursorParameters):
    """Which notifications, and where to go on."""

    unread: Annotated[
        bool | None,
        Field(description="Only notifications that were not read, or only read ones."),
        strict_boolean,
    ] = None


class NotificationBody(ResponseBody):
    """Something that happened to the user."""

    id: UUID
    kind: Kind
    task_id: UUID
    task_title: str
    actor: UserBody | None
    created_at: datetime
    read_at: datetime | None
