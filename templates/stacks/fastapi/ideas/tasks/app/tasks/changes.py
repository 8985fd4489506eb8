"""Changes of tasks, one or many, all or none. Knows the database and nothing of HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import MISSING
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import NOT_ENOUGH, ProjectAccess, roles_on_tasks
from app.audit.service import Actor, Change, record
from app.clock import now
from app.errors import InvalidInput, InvalidInputError, NotFoundError, ServiceError
from app.etags import PreconditionFailedError, etag_of, require_match
from app.outbox import enqueue
from app.permissions import is_allowed
from app.projects.models import Project
from app.projects.service import lock_order
from app.tasks.details import (
    NO_MEMBER,
    add_labels,
    assign,
    assignees_of,
    in_camel_case,
    remind,
    require_members,
    search_text_of,
)
from app.tasks.models import Task, TaskAssignee, TaskLabel
from app.tasks.schemas import BulkChange, SharedChanges, TaskBody, TaskChanges
from app.tasks.tree import check_parent
from app.tasks.views import labels_of, view_tasks
from app.tasks.workflow import NEXT, can_become

UNKNOWN = "There is no task with this id."
NO_SUCH_TASKS = "There are no such tasks."
# What a change stores as it is.
COLUMNS = ("title", "description", "status", "priority", "due_date", "parent_id")


class WorkflowError(ServiceError):
    """The workflow has no such step."""

    status = 409

    def __init__(self, task: Task, wanted: str) -> None:
        super().__init__(f"A task cannot go from {task.status} to {wanted}.")
        self.members = {"allowed": list(NEXT[task.status])}


class StaleTaskError(PreconditionFailedError):
    """Somebody has changed the task since the client read it."""

    detail = "The task has changed since you read it."

    def __init__(self, current: TaskBody) -> None:
        super().__init__()
        self.members = {"current": current.model_dump(mode="json", by_alias=True)}


class RefusedTasksError(ServiceError):
    """Tasks of a bulk change stood in the way."""

    def __init__(self, status: int, detail: str, refused: Mapping[int, str]) -> None:
        super().__init__(detail, status=status)
        self.members = {
            "errors": [
                {"pointer": f"#/taskIds/{index}", "detail": reason}
                for index, reason in refused.items()
            ]
        }


def task_etag(task_id: UUID, version: int) -> str:
    """Return the entity tag of a version of a task."""
    return etag_of(task_id, version)


async def change_task(
    session: AsyncSession,
    access: ProjectAccess,
    task_id: UUID,
    changes: TaskChanges,
    if_match: str | None,
) -> None:
    """Change a task.

    Raises:
        NotFoundError: Somebody has just deleted it.
        StaleTaskError: It has another version than the client wants to change.
        WorkflowError: Its status cannot become the wanted one.
        ConflictError: It cannot become a part of that task.
        InvalidInputError: An assignee is no member.
    """
    if "parent_id" in changes.model_fields_set:
        await lock_order(session, access.project_id)
    task = await lock_task(session, task_id)
    await require_version(session, access.user_id, task, if_match)
    if not _fits_workflow(task, changes):
        raise WorkflowError(task, str(changes.status))
    if changes.parent_id is not MISSING and changes.parent_id is not None:
        await check_parent(session, access.project_id, task_id, changes.parent_id)
    await _require_members(session, {access.organisation_id}, changes, ("body",))
    await _apply(session, access.user_id, [task], changes)


async def change_tasks(session: AsyncSession, user_id: UUID, bulk: BulkChange) -> None:
    """Make the same changes to many tasks, or to none.

    Raises:
        RefusedTasksError: Some do not exist for the user, may not be changed, or cannot be.
        InvalidInputError: An assignee is no member of each task's organisation.
    """
    ids, changes = bulk.task_ids, bulk.changes
    roles = await roles_on_tasks(session, user_id, ids)
    _refuse(404, NO_SUCH_TASKS, _missing(ids, roles), ids)
    forbidden = {each: NOT_ENOUGH for each in ids if not is_allowed(roles[each], "task.change")}
    _refuse(403, NOT_ENOUGH, forbidden, ids)
    tasks = {task.id: task for task in await _locked(session, ids)}
    # Some may just have been deleted.
    _refuse(404, NO_SUCH_TASKS, _missing(ids, tasks), ids)
    stuck = {
        each: WorkflowError(tasks[each], str(changes.status)).detail
        for each in ids
        if not _fits_workflow(tasks[each], changes)
    }
    _refuse(409, "The workflow has no such step.", stuck, ids)
    organisations = {task.organisation_id for task in tasks.values()}
    await _require_members(session, organisations, changes, ("body", "changes"))
    await _apply(session, user_id, [*tasks.values()], changes)


def _missing(ids: Sequence[UUID], known: Mapping[UUID, object]) -> dict[UUID, str]:
    return {each: UNKNOWN for each in ids if each not in known}


def _refuse(status: int, detail: str, reasons: Mapping[UUID, str], ids: Sequence[UUID]) -> None:
    """Refuse a bulk change if there are reasons, named by where the tasks stand in the request."""
    if reasons:
        raise RefusedTasksError(
            status, detail, {ids.index(each): reasons[each] for each in reasons}
        )


async def require_version(
    session: AsyncSession, user_id: UUID, task: Task, if_match: str | None
) -> None:
    """Make sure that a locked task is as the client has seen it, if the client asks for that.

    Raises:
        StaleTaskError: It is not.
        NotFoundError: It has just been deleted.
    """
    task_id = task.id
    try:
        # Locking has raised the version.
        require_match(if_match, task_etag(task_id, task.version - 1))
    except PreconditionFailedError:
        await session.rollback()
        current = await view_tasks(session, user_id, [task_id])
        if task_id not in current:
            raise NotFoundError(UNKNOWN) from None
        raise StaleTaskError(current[task_id]) from None


async def lock_task(session: AsyncSession, task_id: UUID) -> Task:
    """Return a task with its next version; nobody else changes it in the meantime.

    Raises:
        NotFoundError: Somebody has just deleted it.
    """
    tasks = await _locked(session, [task_id])
    if not tasks:
        raise NotFoundError(UNKNOWN)
    return tasks[0]


async def _locked(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[Task]:
    """Return tasks with their next version; nobody else changes them in the meantime.

    The first statement is the change itself, because that locks on every database. It locks the
    tasks in one order: two bulk changes at once wait for each other, and not both for ever. Before
    them it locks their projects against being deleted, as everybody locks projects first.
    """
    if not ids:
        return []
    of_tasks = select(Task.project_id).where(Task.id.in_(ids))
    projects = select(Project.id).where(Project.id.in_(of_tasks))
    kept = projects.order_by(Project.id).with_for_update(read=True, key_share=True)
    tasks = select(Task.id).where(Task.id.in_(ids), Task.project_id.in_(kept))
    ordered = tasks.order_by(Task.id).with_for_update()
    await session.execute(
        update(Task)
        .where(Task.id.in_(ordered.scalar_subquery()))
        .values(version=Task.version + 1)
        .execution_options(synchronize_session=False)
    )
    statement = select(Task).where(Task.id.in_(ids)).execution_options(populate_existing=True)
    return (await session.scalars(statement)).all()


def _fits_workflow(task: Task, changes: SharedChanges) -> bool:
    wanted = changes.model_dump(exclude_unset=True).get("status")
    return wanted is None or can_become(task.status, wanted)


async def _require_members(
    session: AsyncSession,
    organisation_ids: set[UUID],
    changes: SharedChanges,
    location: tuple[str, ...],
) -> None:
    user_ids = changes.model_dump(exclude_unset=True).get("assignee_ids", [])
    await require_members(session, organisation_ids, user_ids, location)


async def _apply(
    session: AsyncSession, actor_id: UUID, tasks: Sequence[Task], changes: SharedChanges
) -> None:
    wanted = changes.model_dump(exclude_unset=True)
    ids = [task.id for task in tasks]
    labels = await labels_of(session, ids) if "labels" in wanted else {}
    assignees = await assignees_of(session, ids) if "assignee_ids" in wanted else {}
    for task in tasks:
        before = {name: getattr(task, name) for name in COLUMNS if name in wanted}
        after = {name: wanted[name] for name in before}
        if "labels" in wanted:
            before["labels"], after["labels"] = labels[task.id], sorted(wanted["labels"])
        if "assignee_ids" in wanted:
            before["assignee_ids"] = assignees[task.id]
            after["assignee_ids"] = sorted(wanted["assignee_ids"])
        changed = {name for name in after if before[name] != after[name]}
        if not changed:
            # Nothing has happened to this one: it keeps its version.
            task.version -= 1
            continue
        before = {name: before[name] for name in changed}
        after = {name: after[name] for name in changed}
        await _store(session, actor_id, task, before, after)
    try:
        await session.commit()
    except IntegrityError as error:
        # In this moment somebody was removed from the organisation.
        raise InvalidInputError(InvalidInput(("body", "assigneeIds"), NO_MEMBER)) from error


async def _store(
    session: AsyncSession,
    actor_id: UUID,
    task: Task,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    for name in COLUMNS:
        if name in after:
            setattr(task, name, after[name])
    if "title" in after or "description" in after:
        task.search_text = search_text_of(task.title, task.description)
    task.updated_at = now()
    if "labels" in after:
        await session.execute(delete(TaskLabel).where(TaskLabel.task_id == task.id))
        add_labels(session, task.id, after["labels"])
    if "assignee_ids" in after:
        added = [each for each in after["assignee_ids"] if each not in before["assignee_ids"]]
        removed = [each for each in before["assignee_ids"] if each not in after["assignee_ids"]]
        await session.execute(
            delete(TaskAssignee).where(
                TaskAssignee.task_id == task.id, TaskAssignee.user_id.in_(removed)
            )
        )
        assign(session, actor_id, task, added)
    if "status" in after:
        enqueue(
            session,
            "task.status_changed",
            {"taskId": str(task.id), "actorId": str(actor_id)},
        )
    if "due_date" in after:
        remind(session, task)
    actor = Actor(actor_id, task.organisation_id)
    change = Change(in_camel_case(before), in_camel_case(after))
    record(session, actor, "task.change", task.id, change)
