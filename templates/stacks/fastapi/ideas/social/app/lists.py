"""Lists in the order of time, and where their next page begins."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, Field
from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, true, tuple_

from app.cursors import CursorParameters, decode_cursor, encode_cursor

Item = TypeVar("Item")
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
AnyColumn = SQLColumnExpression[Any]
# Some items of a list, and the cursor of the next ones.
Listed = tuple[Sequence[Item], str | None]

# A client can make up a cursor: a moment near the ends of the calendar has no UTC.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(9000, 1, 1, tzinfo=UTC)),
]
# The id decides between things of one moment, so that every item has a place of its own: whatever
# is added meanwhile, what comes after a place stays the same.
Place = tuple[datetime, UUID]
_CHECKED: Any = tuple[Moment, UUID]


def place_of(page: CursorParameters) -> Place | None:
    """Return the place after which a page begins; None is the first page.

    Raises:
        InvalidInputError: The cursor is not one of ours.
    """
    if page.cursor is None:
        return None
    place: Place = decode_cursor(page.cursor, _CHECKED)
    return place


def older(place: Place | None, *columns: AnyColumn) -> ColumnElement[bool]:
    """Return the condition for what comes after a place in a list with the newest first."""
    return true() if place is None else tuple_(*columns) < place


def newer(place: Place | None, *columns: AnyColumn) -> ColumnElement[bool]:
    """Return the condition for what comes after a place in a list with the oldest first."""
    return true() if place is None else tuple_(*columns) > place


def split(
    items: Sequence[Item], page: CursorParameters, keys: Callable[[Item], tuple[object, ...]]
) -> Listed[Item]:
    """Return a page and the cursor of the next one, from items of which one was asked too many."""
    if len(items) <= page.limit:
        return items, None
    return items[: page.limit], encode_cursor(*keys(items[page.limit - 1]))
