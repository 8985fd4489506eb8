"""Tasks as members see them: any number of them in three queries."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.comments.models import Comment
from app.database import Base
from app.rows import AnyRow, AnySelect
from app.tasks.models import Task, TaskAssignee, TaskLabel, TaskWatcher
from app.tasks.schemas import TaskBody
from app.users.models import User
from app.users.schemas import UserBody, user_or_none

# The statements that every reader needs are made once, and of tables: objects of the models would
# only be made to be read.
TASKS, LABELS, ASSIGNEES, WATCHERS, COMMENTS, USERS = (
    Base.metadata.tables[each.__tablename__]
    for each in (Task, TaskLabel, TaskAssignee, TaskWatcher, Comment, User)
)
COMMENT_COUNT = (
    select(func.count())
    .select_from(COMMENTS)
    .where(COMMENTS.c.task_id == TASKS.c.id)
    .correlate(TASKS)
    .scalar_subquery()
)
# Tasks with what the user `viewer_id` sees of them, for `bodies_of`.
VIEWS: AnySelect = (
    select(
        TASKS.c.id,
        TASKS.c.project_id,
        TASKS.c.number,
        TASKS.c.title,
        TASKS.c.description,
        TASKS.c.status,
        TASKS.c.priority,
        TASKS.c.due_date,
        TASKS.c.parent_id,
        TASKS.c.position,
        TASKS.c.created_by,
        TASKS.c.version,
        TASKS.c.created_at,
        TASKS.c.updated_at,
        USERS.c.display_name.label("creator_name"),
        WATCHERS.c.user_id.label("watcher_id"),
        COMMENT_COUNT.label("comment_count"),
    )
    .select_from(TASKS)
    .outerjoin(USERS, USERS.c.id == TASKS.c.created_by)
    .outerjoin(
        WATCHERS,
        and_(WATCHERS.c.task_id == TASKS.c.id, WATCHERS.c.user_id == bindparam("viewer_id")),
    )
)
IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
BY_IDS = VIEWS.where(TASKS.c.id.in_(IDS))
LABELS_OF = select(LABELS.c.task_id, LABELS.c.label).where(LABELS.c.task_id.in_(IDS))
ASSIGNEES_OF = (
    select(ASSIGNEES.c.task_id, USERS.c.id, USERS.c.display_name)
    .join(USERS, USERS.c.id == ASSIGNEES.c.user_id)
    .where(ASSIGNEES.c.task_id.in_(IDS))
    .order_by(USERS.c.name_key, USERS.c.id)
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
    for task_id, label in await session.execute(LABELS_OF, {"ids": ids}):
        labels[task_id].append(label)
    for each in labels.values():
        each.sort()
    return labels


async def _assignees_of(
    session: AsyncSession, ids: Sequence[UUID]
) -> defaultdict[UUID, list[UserBody]]:
    assignees = defaultdict(list)
    for task_id, user_id, display_name in await session.execute(ASSIGNEES_OF, {"ids": ids}):
        assignees[task_id].append(UserBody(id=user_id, display_name=display_name))
    return assignees
