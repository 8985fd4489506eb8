"""Pages out of the database."""

import pytest
from fastapi import FastAPI
from sqlalchemy import (
    Integer,
    Select,
    event,
    false,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from app.pages import PageParameters, fetch_page, fetch_rows


def numbers(count: int) -> Select[int]:
    """Return a query for the numbers below the count, largest first."""
    rows = union_all(*(select(literal(number).label("number")) for number in range(count)))
    column = rows.subquery().c.number
    return select(column).order_by(column.desc())


@pytest.mark.parametrize(
    ("page", "items"), [(1, [4, 3]), (2, [2, 1]), (3, [0]), (4, []), (2**31 - 1, [])]
)
async def test_each_page_has_its_items_and_the_same_total(
    app: FastAPI, page: int, items: list[int]
) -> None:
    parameters = PageParameters.model_validate({"page": page, "pageSize": 2})
    async with app.state.database.session() as session:
        assert await fetch_page(session, numbers(5), parameters) == (items, 5)


async def test_a_page_takes_one_query(app: FastAPI) -> None:
    statements = []
    database = app.state.database

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def remember(*arguments: object) -> None:
        statements.append(arguments[2])

    async with database.session() as session:
        parameters = PageParameters.model_validate({"page": 2, "pageSize": 2})
        assert await fetch_page(session, numbers(5), parameters) == ([2, 1], 5)
        assert len(statements) == 1
        nothing = numbers(5).where(false())
        assert await fetch_page(session, nothing, PageParameters()) == ([], 0)
    assert len(statements) == 2


async def test_groups_are_counted_and_not_their_rows(app: FastAPI) -> None:
    half = numbers(5).subquery().c.number // literal_column("2", Integer)
    halves = select(half, func.count()).group_by(half).order_by(half)
    async with app.state.database.session() as session:
        rows, total = await fetch_rows(session, halves, PageParameters())
    assert [tuple(row) for row in rows] == [(0, 2), (1, 2), (2, 1)]
    assert total == 3
