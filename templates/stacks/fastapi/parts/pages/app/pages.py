"""Lists in numbered pages."""

from collections.abc import Sequence
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import Field
from sqlalchemy import Integer, Row, Select, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.schemas import MAX_INT32, QueryParameters, ResponseBody, strict_integer

MAX_PAGE_SIZE = 100
DEFAULT_PAGE_SIZE = 20

Item = TypeVar("Item")


class PageParameters(QueryParameters):
    """Which page of a list; a list's own parameters are added in a subclass."""

    page: Annotated[
        int, Field(ge=1, le=MAX_INT32, description="Number of the page, from 1."), strict_integer
    ] = 1
    page_size: Annotated[
        int,
        Field(ge=1, le=MAX_PAGE_SIZE, description="How many items a page has at most."),
        strict_integer,
    ] = DEFAULT_PAGE_SIZE

    @property
    def offset(self) -> int:
        """How many items come before the page."""
        return (self.page - 1) * self.page_size


class Page(ResponseBody, Generic[Item]):
    """One page of a list."""

    items: Annotated[list[Item], Field(max_length=MAX_PAGE_SIZE)]
    page: Annotated[int, Field(ge=1)]
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)]
    total: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, items: list[Item], parameters: PageParameters, total: int) -> Self:
        """Return a page with its items, and how many there are on all pages."""
        return cls(items=items, page=parameters.page, page_size=parameters.page_size, total=total)


async def fetch_page(
    session: AsyncSession, statement: Select[Item], parameters: PageParameters
) -> tuple[Sequence[Item], int]:
    """Return one page of what a statement selects, and how many rows it has in all.

    Args:
        session: Where to ask.
        statement: A query for one entity or column, with the order of the list.
        parameters: The page.
    """
    rows, total = await fetch_rows(session, statement, parameters)
    return [row[0] for row in rows], total


async def fetch_rows(
    session: AsyncSession, statement: Select[*tuple[Any, ...]], parameters: PageParameters
) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """Return one page of the rows of a statement, which has the order of the list, and how many.

    That number is one more column of the page: one question to the database instead of two.
    """
    one = literal_column("1", Integer)
    matching = statement.with_only_columns(one, maintain_column_froms=True).order_by(None)
    count = select(func.count()).select_from(matching.subquery())
    page = statement.add_columns(count.scalar_subquery())
    page = page.offset(parameters.offset).limit(parameters.page_size)
    found = (await session.execute(page)).freeze()
    first = found().first()
    if first is not None:
        return found().columns(*range(len(first) - 1)).all(), first[-1]
    # Behind the last page there is no row that could tell it.
    return [], await session.scalar(count) or 0 if parameters.offset else 0
