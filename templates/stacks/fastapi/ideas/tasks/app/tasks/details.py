"""What a task has beside its own columns: labels, assignees, and the reminder of its day."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import InvalidInput, InvalidInputError
from app.folding import fold
from app.organisations.models import Membership
from app.outbox import enqueue
from app.tasks.models import Task, TaskAssignee, TaskLabel
from app.tasks.queries import due_moment

NO_MEMBER = "Is not a member of the organisation."


async def require_members(
    session: AsyncSession,
    organisation_ids: set[UUID],
    user_ids: Sequence[UUID],
    location: tuple[str, ...],
) -> None:
    """Make sure that users are members of all these organisations.

    Raises:
        InvalidInputError: One is not; it is named by where it stands in the request.
    """
    if not user_ids:
        return
    statement = select(Membership.organisation_id, Membership.user_id).where(
        Membership.organisation_id.in_(organisation_ids), Membership.user_id.in_(user_ids)
    )
    found = {(organisation, user) for organisation, user in await session.execute(statement)}
    strangers = [
        InvalidInput((*location, "assigneeIds", index), NO_MEMBER)
        for index, user_id in enumerate(user_ids)
        if any((organisation, user_id) not in found for organisation in organisation_ids)
    ]
    if strangers:
        raise InvalidInputError(*strangers)


async def assignees_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return the ids of the assignees of tasks, sorted."""
    statement = select(TaskAssignee.task_id, TaskAssignee.user_id).where(
        TaskAssignee.task_id.in_(ids)
    )
    assignees: dict[UUID, list[UUID]] = {task_id: [] for task_id in ids}
    for task_id, user_id in await session.execute(statement):
        assignees[task_id].append(user_id)
    for each in assignees.values():
        each.sort()
    return assignees


def add_labels(session: AsyncSession, task_id: UUID, labels: Sequence[str]) -> None:
    """Give a task labels that it does not have; the caller commits."""
    session.add_all(TaskLabel(task_id=task_id, label=label) for label in labels)


def assign(session: AsyncSession, actor_id: UUID, task: Task, user_ids: Sequence[UUID]) -> None:
    """Assign members to a task, and let the worker tell them; the caller commits."""
    if not user_ids:
        return
    session.add_all(
        TaskAssignee(task_id=task.id, user_id=each, organisation_id=task.organisation_id)
        for each in user_ids
    )
    enqueue(
        session,
        "task.assigned",
        {
            "taskId": str(task.id),
            "actorId": str(actor_id),
            "userIds": [str(each) for each in user_ids],
        },
    )


def remind(session: AsyncSession, task: Task) -> None:
    """Let the worker remind of a task on the day on which it is due; the caller commits.

    If the day changes again the worker finds that out, and does nothing.
    """
    if task.due_date is None:
        return
    enqueue(
        session,
        "task.due",
        {"taskId": str(task.id), "dueDate": task.due_date.isoformat()},
        at=max(due_moment(task.due_date), now()),
    )


def search_text_of(title: str, description: str) -> str:
    """Return what a search looks at."""
    return fold(f"{title}\n{description}")


def in_camel_case(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts by the names that clients know."""
    return {to_camel(name): value for name, value in facts.items()}
