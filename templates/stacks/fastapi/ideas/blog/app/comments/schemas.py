"""What clients send and get."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from app.comments.models import Comment
from app.profiles.schemas import ProfileBody
from app.schemas import MAX_INT32, RequestBody, ResponseBody
from app.texts import WRITTEN_PATTERN, Written, at_most, documented, required

MAX_BODY = 5000
MAX_LISTED = 500


class NewComment(RequestBody):
    """A comment to add."""

    body: Annotated[
        Written, AfterValidator(at_most(MAX_BODY)), documented(WRITTEN_PATTERN, maxLength=MAX_BODY)
    ]


class NewCommentRequest(RequestBody):
    """A comment to add."""

    comment: Annotated[NewComment, required]


class CommentBody(ResponseBody):
    """A comment."""

    id: Annotated[int, Field(ge=1, le=MAX_INT32)]
    body: str
    created_at: datetime
    updated_at: datetime
    author: ProfileBody

    @classmethod
    def of(cls, comment: Comment, following: bool) -> "CommentBody":
        """Return a comment as a user sees it who follows its author or does not."""
        return cls(
            id=comment.id,
            body=comment.body,
            created_at=comment.created_at,
            # The specification has this field, and no way to change a comment.
            updated_at=comment.created_at,
            author=ProfileBody.of(comment.author, following),
        )


class CommentResponse(ResponseBody):
    """A comment."""

    comment: CommentBody


class CommentsResponse(ResponseBody):
    """The comments on an article."""

    comments: Annotated[list[CommentBody], Field(max_length=MAX_LISTED)]
