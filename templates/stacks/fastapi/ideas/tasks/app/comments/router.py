"""The HTTP side of comments."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from app.access import CommentId, ProjectAccess, TaskId, on_comment, on_task
from app.comments import service
from app.comments.schemas import CommentBody, NewComment
from app.cursors import CursorPage, CursorParameters
from app.database import Session
from app.openapi import problems

router = APIRouter(tags=["Comments"], responses=problems(401, 500, 503))
OF_TASK = "/tasks/{taskId:uuid}/comments"
ONE = "/comments/{commentId:uuid}"


@router.get(OF_TASK, responses=problems(404, 422))
async def list_comments(
    session: Session,
    _access: Annotated[ProjectAccess, on_task("comment.list")],
    task_id: TaskId,
    query: Annotated[CursorParameters, Query()],
) -> CursorPage[CommentBody]:
    """List comments."""
    items, following = await service.list_comments(session, task_id, query)
    return CursorPage[CommentBody](items=items, next_cursor=following)


@router.post(
    OF_TASK,
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 403, 404, 413, 415, 422),
)
async def create_comment(
    session: Session,
    access: Annotated[ProjectAccess, on_task("comment.create")],
    task_id: TaskId,
    new: NewComment,
) -> CommentBody:
    """Comment on a task."""
    return await service.create_comment(session, access, task_id, new.text)


@router.patch(ONE, responses=problems(400, 403, 404, 413, 415, 422))
async def change_comment(
    session: Session,
    access: Annotated[ProjectAccess, on_comment("comment.change")],
    comment_id: CommentId,
    change: NewComment,
) -> CommentBody:
    """Change a comment."""
    return await service.change_comment(session, access, comment_id, change.text)


@router.delete(ONE, status_code=status.HTTP_204_NO_CONTENT, responses=problems(403, 404))
async def delete_comment(
    session: Session,
    access: Annotated[ProjectAccess, on_comment("comment.delete")],
    comment_id: CommentId,
) -> None:
    """Delete a comment."""
    await service.delete_comment(session, access, comment_id)
