"""The next rows of a list, and of many lists in one query."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, tuple_


@dataclass(frozen=True)
class Window:
    """Some rows of a list.

    Args:
        first: How many at most.
        after: The sort keys of the row before; None begins at the beginning.
    """

    first: int
    after: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class Order:
    """An order in which every row has its place.

    Args:
        keys: The columns; together they are unique.
        descending: Whether all of them go down.
    """

    keys: tuple[Any, ...]
    descending: bool = False

    @property
    def columns(self) -> list[Any]:
        """The columns for ORDER BY."""
        return [key.desc() for key in self.keys] if self.descending else list(self.keys)

    def after(self, keys: tuple[Any, ...]) -> Any:
        """Return the condition that a row comes after the one with these keys."""
        return tuple_(*self.keys) < keys if self.descending else tuple_(*self.keys) > keys


def next_rows(statement: Select[Any], order: Order, window: Window) -> Select[Any]:
    """Return the query for the rows of a window and one more, each with its sort keys."""
    if window.after is not None:
        statement = statement.where(order.after(window.after))
    return statement.add_columns(*order.keys).order_by(*order.columns).limit(window.first + 1)


@dataclass(frozen=True)
class Lists:
    """Lists of many parents in one table: the cast of each movie, the reviews of each.

    Args:
        statement: The query for the rows of all of them.
        identity: The rows' id.
        parent: The column that says whose list a row is in.
        order: Their order.
    """

    statement: Select[Any]
    identity: Any
    parent: Any
    order: Order


def next_rows_of_each(lists: Lists, parents: Collection[UUID], window: Window) -> Select[Any]:
    """Return the query for the same window of many lists, and one row more of each.

    Its rows are of what is listed, the parent, and the sort keys.
    """
    order = lists.order
    place = func.row_number().over(partition_by=lists.parent, order_by=order.columns)
    numbered = lists.statement.with_only_columns(lists.identity, place.label("place"))
    numbered = numbered.where(lists.parent.in_(parents))
    if window.after is not None:
        numbered = numbered.where(order.after(window.after))
    places = numbered.subquery()
    return (
        lists.statement.add_columns(lists.parent, *order.keys)
        .join(places, places.c.id == lists.identity)
        .where(places.c.place <= window.first + 1)
        .order_by(*order.columns)
    )
