"""The frames of the WebSocket, as docs/asyncapi.yaml describes them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from app.messages.schemas import MessageBody
from app.schemas import MAX_INT32, RequestBody, ResponseBody, Text, json_integer
from app.users.schemas import SHOWN

FrameId = Annotated[str, Field(min_length=1, max_length=64)]
MessageText = Annotated[Text, Field(max_length=4000), SHOWN]
ErrorCode = Literal[
    "invalid", "forbidden", "not_found", "rate_limited", "too_many_rooms", "unavailable", "internal"
]
MessageKind = Literal["message.created", "message.edited", "message.deleted"]
# Fields that are only there where they say something.
only_if_there = Field(exclude_if=lambda value: value is None)


class ClientFrame(RequestBody):
    """What a client sends. Its values come from JSON text, where a UUID is a string."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True)

    id: FrameId


class Subscribe(ClientFrame):
    """Get what is said in a room from now on, and first what was said after a number."""

    type: Literal["subscribe"]
    room_id: UUID
    after: Annotated[int, Field(ge=0, le=MAX_INT32), json_integer] | None = None


class Unsubscribe(ClientFrame):
    """Get nothing more of a room."""

    type: Literal["unsubscribe"]
    room_id: UUID


class Send(ClientFrame):
    """Say something."""

    type: Literal["message.send"]
    room_id: UUID
    client_id: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")]
    text: MessageText


class Edit(ClientFrame):
    """Change the text of an own message."""

    type: Literal["message.edit"]
    message_id: UUID
    text: MessageText


class Delete(ClientFrame):
    """Delete a message."""

    type: Literal["message.delete"]
    message_id: UUID


class Typing(ClientFrame):
    """The user is typing."""

    type: Literal["typing"]
    room_id: UUID


class Read(ClientFrame):
    """The user has seen everything up to a number."""

    type: Literal["read"]
    room_id: UUID
    seq: Annotated[int, Field(ge=1, le=MAX_INT32), json_integer]


Frame = Subscribe | Unsubscribe | Send | Edit | Delete | Typing | Read
client_frame: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])


class Ack(ResponseBody):
    """A frame was carried out."""

    type: Literal["ack"] = "ack"
    id: str
    message: Annotated[MessageBody | None, only_if_there] = None
    last_seq: Annotated[int | None, only_if_there] = None


class Error(ResponseBody):
    """A frame was not carried out."""

    type: Literal["error"] = "error"
    id: str | None
    code: ErrorCode
    detail: str


class MessageEvent(ResponseBody):
    """Something happened to a message."""

    type: MessageKind
    message: MessageBody


class TypingEvent(ResponseBody):
    """Somebody is typing."""

    type: Literal["typing"] = "typing"
    room_id: UUID
    user_id: UUID


class PresenceEvent(ResponseBody):
    """A member came or went."""

    type: Literal["presence"] = "presence"
    room_id: UUID
    user_id: UUID
    online: bool


class ReadEvent(ResponseBody):
    """A member has read up to a number."""

    type: Literal["read"] = "read"
    room_id: UUID
    user_id: UUID
    seq: int


class Resync(ResponseBody):
    """Too much was missed, or the room is no longer the user's."""

    type: Literal["resync"] = "resync"
    room_id: UUID
    last_seq: int
    gone: bool


class Ended(ResponseBody):
    """Between processes only: a membership has ended, or with no user the whole room."""

    type: Literal["ended"] = "ended"
    room_id: UUID
    user_id: UUID | None


RoomEvent = MessageEvent | TypingEvent | PresenceEvent | ReadEvent
Event = RoomEvent | Ended
ServerFrame = Ack | Error | RoomEvent | Resync


def to_text(frame: ServerFrame) -> str:
    """Return a frame as it is sent."""
    return frame.model_dump_json(by_alias=True)


def described(error: Any) -> str:
    """Say in one line what is wrong with a frame, from a pydantic ValidationError."""
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
