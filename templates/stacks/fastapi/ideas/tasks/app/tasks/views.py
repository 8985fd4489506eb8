"""Tasks as members see them: any number of them in three queries."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.comments.models import Comment
from app.rows import AnyRow, AnySelect
from app.tasks.models import Task, TaskAssignee, TaskLabel, TaskWatcher
from app.tasks.schemas import TaskBody
from app.users.models import User
from app.users.schemas import UserBody, user_or_none


def select_views(user_id: UUID) -> AnySelect:
    """Select tasks with what this user sees of them, for `bodies_of`."""
    comments = (
        select(func.count()).where(Comment.task_id == Task.id).correlate(Task).scalar_subquery()
    )
    return (
        select(Task, User.display_name, TaskWatcher.user_id, comments)
        .outerjoin(User, User.id == Task.created_by)
        .outerjoin(
            TaskWatcher, and_(TaskWatcher.task_id == Task.id, TaskWatcher.user_id == user_id)
        )
    )


async def bodies_of(session: AsyncSession, rows: Sequence[AnyRow]) -> list[TaskBody]:
    """Return selected tasks as their answers' bodies, in the same order."""
    ids = [row[0].id for row in rows]
    labels = await labels_of(session, ids)
    assignees = await _assignees_of(session, ids)
    return [
        TaskBody(
            id=task.id,
            project_id=task.project_id,
            number=task.number,
            title=task.title,
            description=task.description,
            status=task.status,
            priority=task.priority,
            assignees=assignees[task.id],
            labels=labels[task.id],
            due_date=task.due_date,
            parent_id=task.parent_id,
            watching=watcher_id is not None,
            comment_count=comment_count,
            created_by=user_or_none(task.created_by, creator_name),
            version=task.version,
            created_at=task.created_at,
            updated_at=task.updated_at,
        )
        for task, creator_name, watcher_id, comment_count in rows
    ]


async def labels_of(session: AsyncSession, ids: Sequence[UUID]) -> defaultdict[UUID, list[str]]:
    """Return the labels of tasks, in alphabetical order."""
    statement = select(TaskLabel.task_id, TaskLabel.label).where(TaskLabel.task_id.in_(ids))
    labels = defaultdict(list)
    for task_id, label in await session.execute(statement):
        labels[task_id].append(label)
    for each in labels.values():
        each.sort()
    return labels


async def _assignees_of(
    session: AsyncSession, ids: Sequence[UUID]
) -> defaultdict[UUID, list[UserBody]]:
    statement = (
        select(TaskAssignee.task_id, User.id, User.display_name)
        .join(User, User.id == TaskAssignee.user_id)
        .where(TaskAssignee.task_id.in_(ids))
        .order_by(User.name_key, User.id)
    )
    assignees = defaultdict(list)
    for task_id, user_id, display_name in await session.execute(statement):
        assignees[task_id].append(UserBody(id=user_id, display_name=display_name))
    return assignees
