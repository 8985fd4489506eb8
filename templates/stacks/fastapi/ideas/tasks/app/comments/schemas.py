"""What clients send and get."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from app.fields import is_shown, shown
from app.schemas import RequestBody, ResponseBody, Text
from app.users.schemas import UserBody


class NewComment(RequestBody):
    """The text of a comment."""

    text: Annotated[Text, shown(5000), is_shown]


class CommentBody(ResponseBody):
    """A comment."""

    id: UUID
    task_id: UUID
    author: UserBody | None
    text: str
    created_at: datetime
    edited_at: datetime | None
