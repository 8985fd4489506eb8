"""What clients send and get about messages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.messages.models import Message
from app.schemas import (
    MAX_INT32,
    QueryParameters,
    RequestBody,
    ResponseBody,
    json_integer,
    strict_integer,
)
from app.users.schemas import UserBody

MAX_LIMIT = 100
SEQ = Field(ge=1, le=MAX_INT32)


class MessageBody(ResponseBody):
    """A message, in the history and on the WebSocket."""

    id: UUID
    room_id: UUID
    seq: Annotated[int, SEQ]
    author: UserBody
    text: Annotated[str, Field(min_length=1, max_length=4000)] | None
    client_id: str | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None

    @classmethod
    def of(cls, message: Message, viewer_id: UUID | None = None) -> "MessageBody":
        """Return a stored message; only its author sees what id their client gave it."""
        return cls(
            id=message.id,
            room_id=message.room_id,
            seq=message.seq,
            author=UserBody.of(message.author),
            text=message.text,
            client_id=message.client_id if message.author_id == viewer_id else None,
            created_at=message.created_at,
            edited_at=message.edited_at,
            deleted_at=message.deleted_at,
        )

    def seen_by(self, viewer_id: UUID) -> "MessageBody":
        """Return it as somebody sees it, from the one that its author sees."""
        return self if self.author.id == viewer_id else self.model_copy(update={"client_id": None})


class MessageList(ResponseBody):
    """Messages of a room."""

    items: Annotated[list[MessageBody], Field(max_length=MAX_LIMIT)]
    has_more: bool


class _Window(QueryParameters):
    before: Annotated[
        int | None,
        Field(ge=1, le=MAX_INT32, description="Only messages with a lower sequence number."),
        strict_integer,
    ] = None
    limit: Annotated[
        int, Field(ge=1, le=MAX_LIMIT, description="How many messages at most."), strict_integer
    ] = 50


class HistoryQuery(_Window):
    """Which part of a room's history."""

    after: Annotated[
        int | None,
        Field(ge=0, le=MAX_INT32, description="Only messages with a higher sequence number."),
        strict_integer,
    ] = None


class SearchQuery(_Window):
    """What to look for in a room."""

    q: Annotated[
        str,
        Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$", description="Text to look for."),
    ]


class ReadMark(RequestBody):
    """How far the user has read."""

    seq: Annotated[int, Field(ge=0, le=MAX_INT32), json_integer]


class RoomUnread(ResponseBody):
    """The unread messages of one room."""

    room_id: UUID
    unread_count: Annotated[int, Field(ge=1)]


class UnreadCounts(ResponseBody):
    """How many messages are unread."""

    total: Annotated[int, Field(ge=0)]
    rooms: list[RoomUnread]
