"""How articles are stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, UtcDateTime
from app.users.models import User


class Article(Base):
    """Something that a user has written."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    author: Mapped[User] = relationship()

    # The order of the lists: of all articles, and of one author's.
    __table_args__ = (Index(None, "created_at", "id"), Index(None, "author_id", "created_at", "id"))


class ArticleTag(Base):
    """A tag of an article."""

    __tablename__ = "article_tags"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(50), primary_key=True, index=True)


class ArticleView(NamedTuple):
    """An article as one user sees it: with its author, and what the user thinks of both."""

    id: int
    slug: str
    title: str
    description: str
    created_at: datetime
    updated_at: datetime
    username: str
    bio: str | None
    image: str | None
    favorites_count: int
    favorited: bool
    following: bool
    # Not in lists.
    body: str = ""
    tags: Sequence[str] = ()
