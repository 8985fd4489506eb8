"""Tasks as members see them: any number of them in three queries."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.comments.models import Comment
from app.rows import AnyRow, AnySelect
from app.tasks.models import Task, TaskAssignee, TaskLabel, TaskWatcher
from app.tasks.schemas import TaskBody
from app.users.models import User
from app.users.schemas import UserBody, user_or_none

# The statements that every reader needs are made once, and of columns: objects would only be made
# to be read.
COMMENT_COUNT = (
    select(func.count()).where(Comment.task_id == Task.id).correlate(Task).scalar_subquery()
)
# Tasks with what the user `viewer_id` sees of them, for `bodies_of`.
VIEWS: AnySelect = (
    select(
        Task.id,
        Task.project_id,
        Task.number,
        Task.title,
        Task.description,
        Task.status,
        Task.priority,
        Task.due_date,
        Task.parent_id,
        Task.position,
        Task.created_by,
        Task.version,
        Task.created_at,
        Task.updated_at,
        User.display_name.label("creator_name"),
        TaskWatcher.user_id.label("watcher_id"),
        COMMENT_COUNT.label("comment_count"),
    )
    .outerjoin(User, User.id == Task.created_by)
    .outerjoin(
        TaskWatcher,
        and_(TaskWatcher.task_id == Task.id, TaskWatcher.user_id == bindparam("viewer_id")),
    )
)
BY_IDS = VIEWS.where(Task.id.in_(bindparam("ids", expanding=True)))
LABELS = select(TaskLabel.task_id, TaskLabel.label).where(
    TaskLabel.task_id.in_(bindparam("ids", expanding=True))
)
ASSIGNEES = (
    select(TaskAssignee.task_id, User.id, User.display_name)
    .join(User, User.id == TaskAssignee.user_id)
    .where(TaskAssignee.task_id.in_(bindparam("ids", expanding=True)))
    .order_by(User.name_key, User.id)
)


async def view_tasks(
    session: AsyncSession, user_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, TaskBody]:
    """Return tasks as the user sees them, by their ids; who asks may see them."""
    rows = (await session.execute(BY_IDS, {"viewer_id": user_id, "ids": ids})).all()
    return {body.id: body for body in await bodies_of(session, rows)}


async def bodies_of(session: AsyncSession, rows: Sequence[AnyRow]) -> list[TaskBody]:
    """Return selected tasks as their answers' bodies, in the same order."""
    ids = [row.id for row in rows]
    labels = await labels_of(session, ids)
    assignees = await _assignees_of(session, ids)
    return [
        TaskBody(
            id=row.id,
            project_id=row.project_id,
            number=row.number,
            title=row.title,
            description=row.description,
            status=row.status,
            priority=row.priority,
            assignees=assignees[row.id],
            labels=labels[row.id],
            due_date=row.due_date,
            parent_id=row.parent_id,
            watching=row.watcher_id is not None,
            comment_count=row.comment_count,
            created_by=user_or_none(row.created_by, row.creator_name),
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


async def labels_of(session: AsyncSession, ids: Sequence[UUID]) -> defaultdict[UUID, list[str]]:
    """Return the labels of tasks, in alphabetical order."""
    labels = defaultdict(list)
    for task_id, label in await session.execute(LABELS, {"ids": ids}):
        labels[task_id].append(label)
    for each in labels.values():
        each.sort()
    return labels


async def _assignees_of(
    session: AsyncSession, ids: Sequence[UUID]
) -> defaultdict[UUID, list[UserBody]]:
    assignees = defaultdict(list)
    for task_id, user_id, display_name in await session.execute(ASSIGNEES, {"ids": ids}):
        assignees[task_id].append(UserBody(id=user_id, display_name=display_name))
    return assignees
