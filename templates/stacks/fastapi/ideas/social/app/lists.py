"""Lists in the order of time, and where their next page begins."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, true, tuple_

from app.cursors import CursorParameters, Place, encode_cursor

Item = TypeVar("Item")
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
AnyColumn = SQLColumnExpression[Any]
# Some items of a list, and the cursor of the next ones.
Listed = tuple[Sequence[Item], str | None]


def older(place: Place | None, *columns: AnyColumn) -> ColumnElement[bool]:
    """Return the condition for what comes after a place in a list with the newest first."""
    return true() if place is None else tuple_(*columns) < place


def newer(place: Place | None, *columns: AnyColumn) -> ColumnElement[bool]:
    """Return the condition for what comes after a place in a list with the oldest first."""
    return true() if place is None else tuple_(*columns) > place


def split(
    items: Sequence[Item], page: CursorParameters, place: Callable[[Item], Place]
) -> Listed[Item]:
    """Return a page and the cursor of the next one, from items of which one was asked too many."""
    if len(items) <= page.limit:
        return items, None
    return items[: page.limit], encode_cursor(*place(items[page.limit - 1]))
