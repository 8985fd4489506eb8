"""The order of a project's tasks, which people make by moving them.

Each task has a position, with room between two of them, so that a task moves alone. When the room
between two is used up all positions of the project are made anew. Whoever changes positions has
locked the project's order (lock_order): people who move tasks at once do so one after the other.
"""

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.refusals import ConflictError
from app.tasks.models import Task

GAP = 2**16


async def position_at_end(session: AsyncSession, project_id: UUID) -> int:
    """Return a position behind all tasks of a project."""
    last = await session.scalar(
        select(func.max(Task.position)).where(Task.project_id == project_id)
    )
    return GAP if last is None else last + GAP


async def put_after(
    session: AsyncSession, project_id: UUID, task_id: UUID, after: UUID | None
) -> None:
    """Put a task right behind another one, or in front of all.

    Raises:
        ConflictError: The other one is not in the project, or it is the same.
    """
    position = await _between(session, project_id, task_id, after)
    if position is None:
        await _spread(session, project_id)
        position = await _between(session, project_id, task_id, after)
    await session.execute(
        update(Task)
        .where(Task.id == task_id)
        .values(position=position)
        .execution_options(synchronize_session=False)
    )


async def _between(
    session: AsyncSession, project_id: UUID, task_id: UUID, after: UUID | None
) -> int | None:
    """Return a position right behind a task, or in front of all; None where there is no room."""
    others = select(Task.position).where(Task.project_id == project_id, Task.id != task_id)
    if after is None:
        first = await session.scalar(others.order_by(Task.position).limit(1))
        return GAP if first is None else first - GAP
    before = await session.scalar(others.where(Task.id == after))
    if before is None:
        raise ConflictError("The task to put it after is another one of its project.")
    following = others.where(Task.position > before).order_by(Task.position).limit(1)
    behind = await session.scalar(following)
    if behind is None:
        return before + GAP
    middle = (before + behind) // 2
    return middle if middle > before else None


async def _spread(session: AsyncSession, project_id: UUID) -> None:
    """Make all positions of a project anew, with room between them."""
    ranked = (
        select(
            Task.id,
            func.row_number().over(order_by=(Task.position, Task.id)).label("place"),
        )
        .where(Task.project_id == project_id)
        .cte()
    )
    place = select(ranked.c.place).where(ranked.c.id == Task.id).scalar_subquery()
    await session.execute(
        update(Task)
        .where(Task.project_id == project_id)
        .values(position=place * GAP)
        .execution_options(synchronize_session=False)
    )
