"""Lists in the order of time, and where their next page begins.

The query of a list is made once: what a page asks for are its parameters.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    Uuid,
    bindparam,
    tuple_,
)

from app.cursors import EPOCH, CursorParameters, Place, encode_cursor
from app.database import UtcDateTime

Item = TypeVar("Item")
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
AnyColumn = SQLColumnExpression[Any]
# Some items of a list, and the cursor of the next ones.
Listed = tuple[Sequence[Item], str | None]


# Where lists begin, the newest or the oldest first: everything comes after it.
NEWEST: Place = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))
OLDEST: Place = (EPOCH, UUID(int=0))
LIMIT = bindparam("limit", type_=Integer())
_PLACE = tuple_(bindparam("place_at", type_=UtcDateTime()), bindparam("place_key", type_=Uuid()))


def older(*columns: AnyColumn) -> ColumnElement[bool]:
    """Return the condition for what comes after a place in a list with the newest first."""
    return tuple_(*columns) < _PLACE


def newer(*columns: AnyColumn) -> ColumnElement[bool]:
    """Return the condition for what comes after a place in a list with the oldest first."""
    return tuple_(*columns) > _PLACE


def asked(page: CursorParameters, begin: Place = NEWEST) -> dict[str, Any]:
    """Return the parameters for a page, and for one item more: whether there is a next page."""
    at, key = page.place or begin
    return {"place_at": at, "place_key": key, "limit": page.limit + 1}


def split(
    items: Sequence[Item], page: CursorParameters, place: Callable[[Item], Place]
) -> Listed[Item]:
    """Return a page and the cursor of the next one, from items of which one was asked too many."""
    if len(items) <= page.limit:
        return items, None
    return items[: page.limit], encode_cursor(*place(items[page.limit - 1]))
