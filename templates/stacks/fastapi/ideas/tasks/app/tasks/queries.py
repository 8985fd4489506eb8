"""Lists of tasks: what they contain, in which order, and where they go on."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.clock import now
from app.cursors import decode_cursor, encode_cursor
from app.errors import InvalidInput, InvalidInputError
from app.fields import Moment
from app.folding import fold
from app.organisations.models import Membership
from app.rows import AnySelect, behind
from app.tasks.models import Task, TaskAssignee, TaskLabel
from app.tasks.schemas import ProjectTaskQuery, Sort, TaskBody, TaskQuery
from app.tasks.views import VIEWS, bodies_of
from app.tasks.workflow import OPEN, Priority


class Order(NamedTuple):
    """What a list can be sorted by.

    Args:
        column: The column.
        cursor: What a cursor of such a list holds: the order's name, the value, the task's id.
    """

    column: InstrumentedAttribute[Any]
    cursor: Any


ORDERS: Mapping[str, Order] = {
    "createdAt": Order(Task.created_at, tuple[str, Moment, UUID]),
    "updatedAt": Order(Task.updated_at, tuple[str, Moment, UUID]),
    "priority": Order(Task.priority, tuple[str, Priority, UUID]),
    "dueDate": Order(Task.due_date, tuple[str, date | None, UUID]),
}
# The tasks of a project in their own order.
OF_PROJECT = (
    VIEWS.where(Task.project_id == bindparam("project_id"))
    .order_by(Task.position, Task.id)
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
        statement = statement.where(Task.status == query.status)
    if query.cursor is not None:
        position, task_id = decode_cursor(query.cursor, tuple[int, UUID])
        if not -(2**63) <= position < 2**63:
            raise _foreign_cursor()
        statement = statement.where(behind([Task.position, Task.id], [position, task_id]))
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
            Membership,
            and_(
                Membership.organisation_id == Task.organisation_id,
                Membership.user_id == bindparam("viewer_id"),
            ),
        )
        .order_by(*_order_by(order.column, descending=descending))
        .limit(bindparam("limit"))
    )


def _conditions(query: TaskQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.organisation_id is not None:
        conditions.append(Task.organisation_id == query.organisation_id)
    if query.status is not None:
        conditions.append(Task.status == query.status)
    if query.assignee_id is not None:
        assigned = select(TaskAssignee.task_id).where(TaskAssignee.user_id == query.assignee_id)
        conditions.append(Task.id.in_(assigned))
    if query.label is not None:
        labelled = select(TaskLabel.task_id).where(TaskLabel.label == query.label)
        conditions.append(Task.id.in_(labelled))
    if query.due_before is not None:
        conditions.append(Task.due_date < query.due_before)
    if query.due_after is not None:
        conditions.append(Task.due_date > query.due_after)
    if query.overdue is not None:
        conditions.append(_is_overdue() if query.overdue else _is_not_overdue())
    if query.q:
        conditions.append(Task.search_text.contains(fold(query.q), autoescape=True))
    return conditions


def _is_overdue() -> ColumnElement[bool]:
    return and_(Task.due_date < today(), Task.status.in_(OPEN))


def _is_not_overdue() -> ColumnElement[bool]:
    # Not the opposite of the above: what is compared with NULL is neither true nor false.
    return or_(Task.due_date.is_(None), Task.due_date >= today(), Task.status.not_in(OPEN))


def _order_by(column: InstrumentedAttribute[Any], *, descending: bool) -> list[Any]:
    by = [column.desc(), Task.id.desc()] if descending else [column, Task.id]
    # Databases do not agree on where NULL belongs.
    return [column.is_(None), *by] if column is Task.due_date else by


def _behind(
    column: InstrumentedAttribute[Any], value: Any, task_id: UUID, *, descending: bool
) -> ColumnElement[bool]:
    """Tell which tasks come behind the one with this value and id."""
    if value is None:
        further = behind([Task.id], [task_id], descending=descending)
        return and_(column.is_(None), further)
    further = behind([column, Task.id], [value, task_id], descending=descending)
    return or_(column.is_(None), further) if column is Task.due_date else further


def _foreign_cursor() -> InvalidInputError:
    return InvalidInputError(InvalidInput(("query", "cursor"), "Is not a cursor of this list."))
