"""What clients send and get about posts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.cursors import CursorPage
from app.lists import AnyRow
from app.media.schemas import MediaBody
from app.posts.models import Post
from app.profiles.schemas import Count, ProfileSummary, avatar_url
from app.schemas import RequestBody, ResponseBody
from app.texts import PostText
from app.users.models import User

MAX_IMAGES = 4


def _different(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise PydanticCustomError("unique", "Must not name an image twice.")
    return ids


class NewPost(RequestBody):
    """A post to make."""

    text: PostText
    media_ids: Annotated[
        list[Annotated[UUID, Field(strict=False)]],
        Field(max_length=MAX_IMAGES, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_different),
    ] = Field(default_factory=list)
    reply_to_id: Annotated[UUID | None, Field(strict=False)] = None


class PostChanges(RequestBody):
    """The new text."""

    text: PostText


class PostBody(ResponseBody):
    """A post as the user may see it."""

    id: UUID
    author: ProfileSummary
    text: str
    hashtags: list[str]
    mentions: list[str]
    media: Annotated[list[MediaBody], Field(max_length=MAX_IMAGES)]
    reply_to_id: UUID | None
    is_reply: bool
    reposted_by: ProfileSummary | None
    reply_count: Count
    repost_count: Count
    like_count: Count
    liked: bool
    reposted: bool
    bookmarked: bool
    created_at: datetime
    edited_at: datetime | None

    @classmethod
    def of(cls, row: AnyRow) -> "PostBody":
        """Return a row of app/posts/queries.py."""
        reposted_by = row.reposter_handle and ProfileSummary(
            handle=row.reposter_handle,
            display_name=row.reposter_name,
            avatar_url=avatar_url(row.reposter_avatar),
            private=row.reposter_private,
        )
        return cls(
            id=row.id,
            author=ProfileSummary.of(row),
            text=row.text,
            hashtags=row.hashtags,
            mentions=row.mentions,
            media=[MediaBody.model_validate(each) for each in row.media],
            reply_to_id=row.reply_to_id,
            is_reply=row.is_reply,
            reposted_by=reposted_by or None,
            reply_count=row.reply_count,
            repost_count=row.repost_count,
            like_count=row.like_count,
            liked=row.liked,
            reposted=row.reposted,
            bookmarked=row.bookmarked,
            created_at=row.created_at,
            edited_at=row.edited_at,
        )

    @classmethod
    def new(cls, post: Post, author: User) -> "PostBody":
        """Return a post for its author who has just made it: nobody has done anything with it."""
        return cls(
            id=post.id,
            author=ProfileSummary.of(author),
            text=post.text,
            hashtags=post.hashtags,
            mentions=post.mentions,
            media=[MediaBody.model_validate(each) for each in post.media],
            reply_to_id=post.reply_to_id,
            is_reply=post.is_reply,
            reposted_by=None,
            reply_count=0,
            repost_count=0,
            like_count=0,
            liked=False,
            reposted=False,
            bookmarked=False,
            created_at=post.created_at,
            edited_at=None,
        )


PostPage = CursorPage[PostBody]


class VersionBody(ResponseBody):
    """An earlier text of a post."""

    text: str
    replaced_at: datetime


class VersionList(ResponseBody):
    """Earlier texts of a post."""

    items: list[VersionBody]
