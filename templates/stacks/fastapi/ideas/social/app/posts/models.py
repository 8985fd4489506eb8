"""How posts are stored, and what people do with them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Post(Base):
    """A post, or a reply."""

    __tablename__ = "posts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    # The text folded, for the search.
    search_text: Mapped[str] = mapped_column(Text)
    hashtags: Mapped[list[str]] = mapped_column(JSON)
    # Handles that belonged to somebody when the text was written.
    mentions: Mapped[list[str]] = mapped_column(JSON)
    # What a timeline shows of the images. A post's images never change.
    media: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reply_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"))
    is_reply: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "reply_to_id", "created_at", "id"),
        Index(None, "created_at", "id"),
    )


class EntryKind(StrEnum):
    """Why a post is on somebody's page."""

    POST = "post"
    # A reply to oneself goes on with a thread, and is shown like a post.
    THREAD = "thread"
    REPLY = "reply"
    REPOST = "repost"


class Entry(Base):
    """A post on somebody's page: their own, or one that they have reposted.

    Timelines are made of entries, so a repost needs no second kind of query.
    """

    __tablename__ = "entries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "actor_id", "created_at", "id"),
        Index(None, "created_at", "id"),
        # Nobody reposts a post twice.
        Index(None, "post_id", "actor_id", "kind", unique=True),
    )


class PostHashtag(Base):
    """A hashtag of a post, with what orders its list."""

    __tablename__ = "post_hashtags"

    tag: Mapped[str] = mapped_column(String(100), primary_key=True)
    post_id: Mapped[UUID] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "tag", "created_at", "post_id"),)


class PostVersion(Base):
    """What a post said before it was changed."""

    __tablename__ = "post_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Like(Base):
    """That somebody likes a post."""

    __tablename__ = "likes"

    post_id: Mapped[UUID] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "post_id", "created_at", "user_id"),)


class Bookmark(Base):
    """That somebody remembers a post."""

    __tablename__ = "bookmarks"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[UUID] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "user_id", "created_at", "post_id"),)
