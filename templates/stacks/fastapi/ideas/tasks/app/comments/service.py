"""What can be done with comments. Knows the database and nothing of HTTP."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import NOT_ENOUGH, ProjectAccess
from app.audit.service import Change, record
from app.clock import now
from app.comments.models import Comment
from app.comments.schemas import CommentBody
from app.cursors import CursorParameters, decode_cursor, encode_cursor
from app.errors import NotFoundError
from app.fields import Moment
from app.outbox import enqueue
from app.refusals import ForbiddenError
from app.rows import AnyRow, AnySelect, behind
from app.users.models import User
from app.users.schemas import user_or_none

KEY = (Comment.created_at, Comment.id)
UNKNOWN = "There is no comment with this id."


async def list_comments(
    session: AsyncSession, task_id: UUID, query: CursorParameters
) -> tuple[list[CommentBody], str | None]:
    """Return comments on a task, the oldest first, and where the next ones begin."""
    statement = _views().where(Comment.task_id == task_id)
    if query.cursor is not None:
        last = decode_cursor(query.cursor, tuple[Moment, UUID])
        statement = statement.where(behind(KEY, last))
    rows = (await session.execute(statement.order_by(*KEY).limit(query.limit + 1))).all()
    shown = rows[: query.limit]
    following = None
    if len(rows) > query.limit:
        following = encode_cursor(shown[-1][0].created_at, shown[-1][0].id)
    return [_body(row) for row in shown], following


async def get_comment(session: AsyncSession, comment_id: UUID) -> CommentBody:
    """Return a comment that exists."""
    statement = _views().where(Comment.id == comment_id)
    return _body((await session.execute(statement)).one())


async def create_comment(
    session: AsyncSession, access: ProjectAccess, task_id: UUID, text: str
) -> CommentBody:
    """Comment on a task, and let the worker tell those whom it concerns."""
    comment = Comment(task_id=task_id, author_id=access.user_id, text=text, created_at=now())
    session.add(comment)
    await session.flush()
    enqueue(
        session,
        "comment.created",
        {"taskId": str(task_id), "actorId": str(access.user_id), "text": text},
    )
    change = Change(after={"taskId": task_id, "text": text})
    record(session, access, "comment.create", comment.id, change)
    await session.commit()
    return await get_comment(session, comment.id)


async def change_comment(
    session: AsyncSession, access: ProjectAccess, comment_id: UUID, text: str
) -> CommentBody:
    """Change an own comment.

    Raises:
        NotFoundError: Somebody has just deleted it.
        ForbiddenError: It is somebody else's.
    """
    comment = await _get(session, comment_id)
    if comment.author_id != access.user_id:
        raise ForbiddenError("Only its author may change a comment.")
    change = Change({"text": comment.text}, {"text": text})
    record(session, access, "comment.change", comment_id, change)
    comment.text, comment.edited_at = text, now()
    await session.commit()
    return await get_comment(session, comment_id)


async def delete_comment(session: AsyncSession, access: ProjectAccess, comment_id: UUID) -> None:
    """Delete a comment, an own one or as an admin.

    Raises:
        NotFoundError: Somebody has just deleted it.
        ForbiddenError: It is somebody else's.
    """
    comment = await _get(session, comment_id)
    if access.role == "member" and comment.author_id != access.user_id:
        raise ForbiddenError(NOT_ENOUGH)
    record(session, access, "comment.delete", comment_id, Change({"text": comment.text}))
    await session.execute(delete(Comment).where(Comment.id == comment_id))
    await session.commit()


async def _get(session: AsyncSession, comment_id: UUID) -> Comment:
    statement = select(Comment).where(Comment.id == comment_id).with_for_update()
    comment: Comment | None = await session.scalar(statement)
    if comment is None:
        raise NotFoundError(UNKNOWN)
    return comment


def _views() -> AnySelect:
    return select(Comment, User.display_name).outerjoin(User, User.id == Comment.author_id)


def _body(row: AnyRow) -> CommentBody:
    comment, author_name = row
    return CommentBody(
        id=comment.id,
        task_id=comment.task_id,
        author=user_or_none(comment.author_id, author_name),
        text=comment.text,
        created_at=comment.created_at,
        edited_at=comment.edited_at,
    )
