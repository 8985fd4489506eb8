"""Rows that have more than one column, and lists that go on behind one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

# A query for any number of columns, and what it finds.
AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


def behind(
    columns: Sequence[InstrumentedAttribute[Any] | Column[Any]],
    values: Sequence[Any],
    *,
    descending: bool = False,
) -> ColumnElement[bool]:
    """Tell which rows come behind one in a list.

    Args:
        columns: What the list is sorted by; the last one is different for each row.
        values: Of the row.
        descending: Whether the list begins with the highest.
    """
    last = tuple_(
        *(literal(value, column.type) for column, value in zip(columns, values, strict=True))
    )
    key = tuple_(*columns)
    return key < last if descending else key > last
