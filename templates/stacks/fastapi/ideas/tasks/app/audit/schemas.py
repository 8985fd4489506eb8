"""What clients send and get."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.cursors import CursorParameters
from app.schemas import TEXT_PATTERN, ResponseBody
from app.users.schemas import UserBody


class AuditQuery(CursorParameters):
    """Which entries, and where to go on."""

    actor_id: Annotated[UUID | None, Field(description="Only what this user did.")] = None
    object_id: Annotated[
        UUID | None, Field(description="Only what was done to the object with this id.")
    ] = None
    action: Annotated[
        str | None,
        Field(max_length=60, pattern=TEXT_PATTERN, description="Only this action."),
    ] = None


class AuditEntryBody(ResponseBody):
    """Something that somebody did."""

    id: UUID
    at: datetime
    actor: UserBody | None
    action: str
    object_type: str
    object_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None
