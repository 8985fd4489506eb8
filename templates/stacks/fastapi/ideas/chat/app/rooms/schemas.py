"""What clients send and get about rooms."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from pydantic import MISSING, Field

from app.pages import PageParameters
from app.schemas import TEXT_PATTERN, RequestBody, ResponseBody, Text
from app.users.schemas import ANY_TEXT, SHOWN, UserBody, Username

Role = Literal["owner", "member"]
RoomName = Annotated[Text, Field(max_length=80), SHOWN]
Topic = Annotated[Text, Field(max_length=200), ANY_TEXT]


class SeenRoom(NamedTuple):
    """A room with what depends on who looks at it.

    Args:
        id: The room's id.
        name: Its name; None for a direct conversation.
        topic: What it is about.
        visibility: Who may know of it.
        last_seq: The number of its newest message.
        created_at: When it was made.
        role: What the viewer is here; None is no member.
        last_read_seq: How far the viewer has read.
        member_count: How many members there are.
        unread_count: How many messages of others come after that.
        peer_id: The other one of a direct conversation, of whom the rest tells, too.
    """

    id: UUID
    name: str | None
    topic: str
    visibility: str
    last_seq: int
    created_at: datetime
    role: str | None
    last_read_seq: int | None
    member_count: int
    unread_count: int
    peer_id: UUID | None = None
    peer_username: str | None = None
    peer_display_name: str | None = None
    peer_created_at: datetime | None = None


class NewRoom(RequestBody):
    """A room to make."""

    name: RoomName
    topic: Topic = ""
    visibility: Literal["public", "private"] = "public"


class RoomChanges(RequestBody):
    """The fields of a room to change; the others stay as they are."""

    name: RoomName | MISSING = MISSING
    topic: Topic | MISSING = MISSING


class NewDirectConversation(RequestBody):
    """Whom to talk to."""

    username: Username


class RoomQuery(PageParameters):
    """Which rooms a list has."""

    scope: Annotated[
        Literal["joined", "public"], Field(description="Own rooms, or all public ones.")
    ] = "joined"
    q: Annotated[
        str | None,
        Field(
            max_length=80,
            pattern=TEXT_PATTERN,
            description="Only rooms whose name contains this text, whatever the case.",
        ),
    ] = None


class RoomBody(ResponseBody):
    """A room as the user sees it."""

    id: UUID
    name: str | None
    topic: str
    visibility: Literal["public", "private", "direct"]
    peer: UserBody | None
    role: Role | None
    member_count: Annotated[int, Field(ge=0)]
    last_seq: Annotated[int, Field(ge=0)]
    last_read_seq: Annotated[int, Field(ge=0)]
    unread_count: Annotated[int, Field(ge=0)]
    created_at: datetime

    @classmethod
    def of(cls, seen: SeenRoom) -> "RoomBody":
        """Return a room as its viewer sees it."""
        peer = {
            "id": seen.peer_id,
            "username": seen.peer_username,
            "displayName": seen.peer_display_name,
            "createdAt": seen.peer_created_at,
        }
        return cls.model_validate(
            {
                "id": seen.id,
                "name": seen.name,
                "topic": seen.topic,
                "visibility": seen.visibility,
                "peer": peer if seen.peer_id else None,
                "role": seen.role,
                "memberCount": seen.member_count,
                "lastSeq": seen.last_seq,
                "lastReadSeq": seen.last_read_seq or 0,
                # Who is no member has nothing to read.
                "unreadCount": seen.unread_count if seen.role else 0,
                "createdAt": seen.created_at,
            }
        )
