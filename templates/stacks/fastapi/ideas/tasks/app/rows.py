"""Pages of rows that have more than one column, and lists that go on behind a row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.pages import PageParameters

# A query for any number of columns, and what it finds.
AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


async def fetch_rows(
    session: AsyncSession, statement: AnySelect, parameters: PageParameters
) -> tuple[Sequence[AnyRow], int]:
    """Return one page of what a statement selects, and how many rows it has in all.

    Args:
        session: Where to ask.
        statement: A query for several columns, with the order of the list.
        parameters: The page.
    """
    page = statement.offset(parameters.offset).limit(parameters.page_size)
    rows = (await session.execute(page)).all()
    if parameters.offset == 0 and len(rows) < parameters.page_size:
        # Everything is on the first page: no need to ask for the number.
        return rows, len(rows)
    number = statement.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    return rows, await session.scalar(number) or 0


def behind(
    columns: Sequence[InstrumentedAttribute[Any]],
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
