"""Lists that go on after the last item, however many were added meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from app.schemas import QueryParameters, ResponseBody, strict_integer

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
# Microseconds since 1970, and the id: every text of this form is a place in a list.
CURSOR = "^[0-9]{16}-[0-9a-f]{32}$"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Item = TypeVar("Item")
# What orders a list: a moment, and the id that decides between things of one moment. So every item
# has a place of its own, and what comes after it stays the same whatever is added.
Place = tuple[datetime, UUID]


class CursorParameters(QueryParameters):
    """Where to go on in a list; a list's own parameters are added in a subclass."""

    cursor: Annotated[
        str | None,
        Field(max_length=49, pattern=CURSOR, description="`nextCursor` of the answer before."),
    ] = None
    limit: Annotated[
        int,
        Field(ge=1, le=MAX_LIMIT, description="How many items an answer has at most."),
        strict_integer,
    ] = DEFAULT_LIMIT

    @property
    def place(self) -> Place | None:
        """The place after which the answer begins; None is the beginning."""
        return None if self.cursor is None else decode_cursor(self.cursor)


class CursorPage(ResponseBody, Generic[Item]):
    """Some items of a list, and where the next ones begin; null when there are none."""

    items: Annotated[list[Item], Field(max_length=MAX_LIMIT)]
    next_cursor: str | None


def encode_cursor(at: datetime, item_id: UUID) -> str:
    """Return the place of the last item as a text."""
    return f"{(at - EPOCH) // timedelta(microseconds=1):016}-{item_id.hex}"


def decode_cursor(cursor: str) -> Place:
    """Return the place that a cursor stands for."""
    microseconds, _, item_id = cursor.partition("-")
    return EPOCH + timedelta(microseconds=int(microseconds)), UUID(item_id)
