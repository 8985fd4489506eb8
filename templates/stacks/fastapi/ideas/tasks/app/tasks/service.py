"""What can be done with a task beside changing its fields. Knows nothing of HTTP."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import ProjectAccess
from app.audit.service import Change, record
from app.clock import now
from app.errors import NotFoundError
from app.inserts import insert_new
from app.projects.models import Project
from app.projects.service import lock_order
from app.tasks.changes import UNKNOWN, lock_task, require_version
from app.tasks.details import (
    add_labels,
    assign,
    in_camel_case,
    remind,
    require_members,
    search_text_of,
)
from app.tasks.models import Task, TaskWatcher
from app.tasks.order import position_at_end, put_after
from app.tasks.schemas import NewTask, TaskBody
from app.tasks.tree import check_parent, levels_below
from app.tasks.views import view_tasks
from app.users.models import User
from app.users.schemas import UserBody


async def get_tasks(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> list[TaskBody]:
    """Return tasks as the user sees them, in the order of the ids; who asks may see them."""
    bodies = await view_tasks(session, user_id, ids)
    return [bodies[task_id] for task_id in ids if task_id in bodies]


async def get_task(session: AsyncSession, user_id: UUID, task_id: UUID) -> TaskBody:
    """Return a task as the user sees it.

    Raises:
        NotFoundError: Somebody has just deleted it.
    """
    found = await get_tasks(session, user_id, [task_id])
    if not found:
        raise NotFoundError(UNKNOWN)
    return found[0]


async def create_task(session: AsyncSession, access: ProjectAccess, new: NewTask) -> TaskBody:
    """Make a task at the end of the order; whoever makes it watches it.

    Raises:
        NotFoundError: Somebody has just deleted the project.
        ConflictError: It cannot become a part of that task.
        InvalidInputError: An assignee is no member.
    """
    task = await add_task(session, access, new, uuid4())
    await session.commit()
    return await get_task(session, access.user_id, task.id)


async def add_task(
    session: AsyncSession, access: ProjectAccess, new: NewTask, task_id: UUID
) -> Task:
    """Do the same with an id that is known already, in the caller's transaction.

    Raises:
        NotFoundError: Somebody has just deleted the project.
        ConflictError: It cannot become a part of that task.
        InvalidInputError: An assignee is no member.
    """
    number = await _next_number(session, access.project_id)
    if new.parent_id is not None:
        await check_parent(session, access.project_id, None, new.parent_id)
    await require_members(session, {access.organisation_id}, new.assignee_ids, ("body",))
    moment = now()
    task = Task(
        id=task_id,
        organisation_id=access.organisation_id,
        project_id=access.project_id,
        number=number,
        title=new.title,
        description=new.description,
        search_text=search_text_of(new.title, new.description),
        status="todo",
        priority=new.priority,
        due_date=new.due_date,
        parent_id=new.parent_id,
        position=await position_at_end(session, access.project_id),
        created_by=access.user_id,
        version=1,
        created_at=moment,
        updated_at=moment,
    )
    session.add(task)
    await session.flush()
    add_labels(session, task.id, new.labels)
    assign(session, access.user_id, task, new.assignee_ids)
    watch = TaskWatcher(
        task_id=task.id, user_id=access.user_id, organisation_id=access.organisation_id
    )
    session.add(watch)
    remind(session, task)
    change = Change(after=in_camel_case(new.model_dump()))
    record(session, access, "task.create", task.id, change)
    return task


async def delete_task(
    session: AsyncSession, access: ProjectAccess, task_id: UUID, if_match: str | None
) -> None:
    """Delete a task with its comments and its parts.

    Raises:
        NotFoundError: Somebody has just deleted it.
        StaleTaskError: It has another version than the client wants to delete.
    """
    await lock_order(session, access.project_id)
    task = await lock_task(session, task_id)
    await require_version(session, access.user_id, task, if_match)
    parts = [part for level in await levels_below(session, task_id) for part in level]
    for each in (task, *parts):
        change = Change(before={"title": each.title, "status": each.status})
        record(session, access, "task.delete", each.id, change)
    # The database deletes what belongs to it.
    await session.execute(
        delete(Task).where(Task.id == task_id).execution_options(synchronize_session=False)
    )
    await session.commit()


async def move_task(
    session: AsyncSession, access: ProjectAccess, task_id: UUID, after: UUID | None
) -> TaskBody:
    """Put a task right after another one of its project, or to the beginning.

    Raises:
        NotFoundError: Somebody has just deleted it.
        ConflictError: The other one is not in the project, or it is the same.
    """
    await lock_order(session, access.project_id)
    await put_after(session, access.project_id, task_id, after)
    record(session, access, "task.move", task_id, Change(after={"after": after}))
    await session.commit()
    return await get_task(session, access.user_id, task_id)


async def list_watchers(session: AsyncSession, task_id: UUID) -> list[UserBody]:
    """Return who watches a task, by name."""
    statement = (
        select(User.id, User.display_name)
        .join(TaskWatcher, TaskWatcher.user_id == User.id)
        .where(TaskWatcher.task_id == task_id)
        .order_by(User.name_key, User.id)
    )
    rows = await session.execute(statement)
    return [UserBody(id=user_id, display_name=name) for user_id, name in rows]


async def watch(session: AsyncSession, access: ProjectAccess, task_id: UUID) -> None:
    """Let a member know what happens to a task from now on."""
    watcher = {
        "task_id": task_id,
        "user_id": access.user_id,
        "organisation_id": access.organisation_id,
    }
    await session.execute(insert_new(session, TaskWatcher), watcher)
    await session.commit()


async def unwatch(session: AsyncSession, access: ProjectAccess, task_id: UUID) -> None:
    """Let a member no longer know by itself what happens to a task."""
    await session.execute(
        delete(TaskWatcher).where(
            TaskWatcher.task_id == task_id, TaskWatcher.user_id == access.user_id
        )
    )
    await session.commit()


async def _next_number(session: AsyncSession, project_id: UUID) -> int:
    """Return the number of a project's next task; it locks the project's order."""
    statement = (
        update(Project)
        .where(Project.id == project_id)
        .values(last_number=Project.last_number + 1)
        .returning(Project.last_number)
        .execution_options(synchronize_session=False)
    )
    number = await session.scalar(statement)
    if number is None:
        raise NotFoundError("There is no project with this id.")
    return number
