"""Tasks that are parts of other tasks: three levels at most, and never in a circle.

Whoever changes the tree has locked the project's order, so nobody else does meanwhile.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.refusals import ConflictError
from app.tasks.models import Task

MAX_LEVELS = 3


async def check_parent(
    session: AsyncSession, project_id: UUID, task_id: UUID | None, parent_id: UUID
) -> None:
    """Make sure that a task may become a part of another.

    Args:
        session: Where to look.
        project_id: The task's project.
        task_id: The task; None is a new one.
        parent_id: The other.

    Raises:
        ConflictError: It is in another project, a part of the task itself, or too deep.
    """
    above = await _above(session, project_id, parent_id)
    if task_id in above:
        raise ConflictError("A task cannot be a part of itself.")
    below = [] if task_id is None else await levels_below(session, task_id)
    if len(above) + 1 + len(below) > MAX_LEVELS:
        raise ConflictError(f"Tasks have at most {MAX_LEVELS} levels.")


async def _above(session: AsyncSession, project_id: UUID, parent_id: UUID) -> list[UUID]:
    """Return a task and those that it is a part of, the nearest first."""
    above: list[UUID] = []
    following: UUID | None = parent_id
    while following is not None:
        above.append(following)
        statement = select(Task.project_id, Task.parent_id).where(Task.id == following)
        row = (await session.execute(statement)).one_or_none()
        if row is None or row.project_id != project_id:
            raise ConflictError("The parent is not a task of this project.")
        following = row.parent_id
    return above


async def levels_below(session: AsyncSession, task_id: UUID) -> list[Sequence[Task]]:
    """Return the parts of a task, and theirs, level by level."""
    levels: list[Sequence[Task]] = []
    ids = [task_id]
    while ids:
        statement = select(Task).where(Task.parent_id.in_(ids)).order_by(Task.id)
        level = (await session.scalars(statement)).all()
        if level:
            levels.append(level)
        ids = [task.id for task in level]
    return levels
