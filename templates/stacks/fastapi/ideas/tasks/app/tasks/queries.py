"""Lists of tasks: what they contain, in which order, and where they go on."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.cursors import decode_cursor, encode_cursor
from app.errors import InvalidInput, InvalidInputError
from app.fields import Moment
from app.folding import fold
from app.organisations.models import MEMBERSHIPS
from app.rows import AnySelect, behind
from app.tasks.models import TaskAssignee, TaskLabel
from app.tasks.schemas import ProjectTaskQuery, Sort, TaskBody, TaskQuery
from app.tasks.views import TASKS, VIEWS, bodies_of
from app.tasks.workflow import OPEN, Priority


class Order(NamedTuple):
    """What a list can be sorted by.

    Args:
        column: The column.
        cursor: What a cursor of such a list holds: the order's name, the value, the task's id.
    """

    column: Column[Any]
    cursor: Any


ORDERS: Mapping[str, Order] = {
    "createdAt": Order(TASKS.c.created_at, tuple[str, Moment, UUID]),
    "updatedAt": Order(TASKS.c.updated_at, tuple[str, Moment, UUID]),
    "priority": Order(TASKS.c.priority, tuple[str, Priority, UUID]),
    "dueDate": Order(TASKS.c.due_date, tuple[str, date | None, UUID]),
}
# The tasks of a project in their own order.
OF_PROJECT = (
    VIEWS.where(TASKS.c.project_id == bindparam("project_id"))
    .order_by(TASKS.c.position, TASKS.c.id)
    .limit(bindparam("limit"))
)


def today() -> date:
    """Return the day that it is in UTC, by which tasks are due."""
    return now().astimezone(UTC).date()


def due_moment(day: date) -> datetime:
    """Return when a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


async def list_project_tasks(
    session: AsyncSession, user_id: UUID, project_id: UUID, query: ProjectTaskQuery
) -> tuple[list[TaskBody], str | None]:
    """Return tasks of a project in their own order, and where the next ones begin."""
    statement = OF_PROJECT
    if query.status is not None:
        statement = statement.where(TASKS.c.status == query.status)
    if query.cursor is not None:
        position, task_id = decode_cursor(query.cursor, tuple[int, UUID])
        if not -(2**63) <= position < 2**63:
            raise _foreign_cursor()
        statement = statement.where(behind([TASKS.c.position, TASKS.c.id], [position, task_id]))
    parameters = {"viewer_id": user_id, "project_id": project_id, "limit": query.limit + 1}
    rows = (await session.execute(statement, parameters)).all()
    shown = rows[: query.limit]
    following = None
    if len(rows) > query.limit:
        last = shown[-1]
        following = encode_cursor(last.position, last.id)
    return await bodies_of(session, shown), following


async def list_tasks(
    session: AsyncSession, user_id: UUID, query: TaskQuery
) -> tuple[list[TaskBody], str | None]:
    """Return tasks of all projects that a user may see, and where the next ones begin."""
    order, descending = _order(query.sort)
    statement = _sorted(query.sort)
    for condition in _conditions(query):
        statement = statement.where(condition)
    if query.cursor is not None:
        sort, value, task_id = decode_cursor(query.cursor, order.cursor)
        if sort != query.sort:
            raise _foreign_cursor()
        statement = statement.where(_behind(order.column, value, task_id, descending=descending))
    parameters = {"viewer_id": user_id, "limit": query.limit + 1}
    rows = (await session.execute(statement, parameters)).all()
    shown = rows[: query.limit]
    following = None
    if len(rows) > query.limit:
        last = shown[-1]
        following = encode_cursor(query.sort, getattr(last, order.column.key), last.id)
    return await bodies_of(session, shown), following


def _order(sort: str) -> tuple[Order, bool]:
    """Return what a list is sorted by, and whether backwards."""
    return ORDERS[sort.removeprefix("-")], sort.startswith("-")


@cache
def _sorted(sort: Sort) -> AnySelect:
    """Select the tasks that `viewer_id` may see, in an order: made once for each order."""
    order, descending = _order(sort)
    return (
        VIEWS.join(
            MEMBERSHIPS,
            and_(
                MEMBERSHIPS.c.organisation_id == TASKS.c.organisation_id,
                MEMBERSHIPS.c.user_id == bindparam("viewer_id"),
            ),
        )
        .order_by(*_order_by(order.column, descending=descending))
        .limit(bindparam("limit"))
    )


def _conditions(query: TaskQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.organisation_id is not None:
        conditions.append(TASKS.c.organisation_id == query.organisation_id)
    if query.status is not None:
        conditions.append(TASKS.c.status == query.status)
    if query.assignee_id is not None:
        assigned = select(TaskAssignee.task_id).where(TaskAssignee.user_id == query.assignee_id)
        conditions.append(TASKS.c.id.in_(assigned))
    if query.label is not None:
        labelled = select(TaskLabel.task_id).where(TaskLabel.label == query.label)
        conditions.append(TASKS.c.id.in_(labelled))
    if query.due_before is not None:
        conditions.append(TASKS.c.due_date < query.due_before)
    if query.due_after is not None:
        conditions.append(TASKS.c.due_date > query.due_after)
    if query.overdue is not None:
        conditions.append(_is_overdue() if query.overdue else _is_not_overdue())
    if query.q:
        conditions.append(TASKS.c.search_text.contains(fold(query.q), autoescape=True))
    return conditions


def _is_overdue() -> ColumnElement[bool]:
    return and_(TASKS.c.due_date < today(), TASKS.c.status.in_(OPEN))


def _is_not_overdue() -> ColumnElement[bool]:
    # Not the opposite of the above: what is compared with NULL is neither true nor false.
    return or_(TASKS.c.due_date.is_(None), TASKS.c.due_date >= today(), TASKS.c.status.not_in(OPEN))


def _order_by(column: Column[Any], *, descending: bool) -> list[Any]:
    by = [column.desc(), TASKS.c.id.desc()] if descending else [column, TASKS.c.id]
    # Databases do not agree on where NULL belongs.
    return [column.is_(None), *by] if column is TASKS.c.due_date else by


def _behind(
    column: Column[Any], value: Any, task_id: UUID, *, descending: bool
) -> ColumnElement[bool]:
    """Tell which tasks come behind the one with this value and id."""
    if value is None:
        further = behind([TASKS.c.id], [task_id], descending=descending)
        return and_(column.is_(None), further)
    further = behind([column, TASKS.c.id], [value, task_id], descending=descending)
    return or_(column.is_(None), further) if column is TASKS.c.due_date else further


def _foreign_cursor() -> InvalidInputError:
    return InvalidInputError(InvalidInput(("query", "cursor"), "Is not a cursor of this list."))
