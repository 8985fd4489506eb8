"""What clients get about what happened to them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cursors import CursorPage
from app.posts.schemas import PostBody
from app.profiles.schemas import Count, ProfileSummary
from app.schemas import ResponseBody

MAX_ACTORS = 3


class NotificationBody(ResponseBody):
    """Something that happened to the user."""

    id: UUID
    kind: Literal["follow", "follow_request", "like", "reply", "mention", "repost"]
    actors: Annotated[list[ProfileSummary], Field(min_length=1, max_length=MAX_ACTORS)]
    actor_count: Annotated[int, Field(ge=1)]
    post: PostBody | None
    read: bool
    created_at: datetime


NotificationPage = CursorPage[NotificationBody]


class UnreadCount(ResponseBody):
    """A number."""

    count: Count
