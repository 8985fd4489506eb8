"""The HTTP side of comments."""

import re
from typing import Annotated

from fastapi import APIRouter, Path, status
from pydantic import BeforeValidator, WithJsonSchema

from app.articles.router import Slug
from app.auth.dependencies import UserId, ViewerId
from app.comments import service
from app.comments.schemas import CommentBody, CommentResponse, CommentsResponse, NewCommentRequest
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.schemas import MAX_INT32

router = APIRouter(
    prefix="/articles/{slug}/comments", tags=["Comments"], responses=problems(401, 404, 500, 503)
)


def _number(text: str) -> int:
    """Return the number of a comment; what cannot be one is 0, which no comment has."""
    number = int(text) if re.fullmatch("[0-9]{1,10}", text) else 0
    return number if number <= MAX_INT32 else 0


CommentId = Annotated[
    int,
    Path(alias="id", description="The comment's number."),
    BeforeValidator(_number),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_INT32}),
]


@router.get("")
async def list_comments(session: Session, viewer_id: ViewerId, slug: Slug) -> CommentsResponse:
    """List the comments on an article."""
    comments = await service.list_comments(session, slug, viewer_id)
    return CommentsResponse(comments=[CommentBody.of(*comment) for comment in comments])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 413, 415, 422),
    },
)
async def create_comment(
    session: Session,
    locate: Locate,
    user_id: UserId,
    slug: Slug,
    new: NewCommentRequest,
) -> CommentResponse:
    """Comment on an article."""
    comment = CommentBody.of(*await service.create_comment(session, slug, new.comment, user_id))
    locate("delete_comment", slug=slug, id=str(comment.id))
    return CommentResponse(comment=comment)


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(403))
async def delete_comment(
    session: Session, user_id: UserId, slug: Slug, comment_id: CommentId
) -> None:
    """Delete a comment of yours."""
    await service.delete_comment(session, slug, comment_id, user_id)
