"""How reviews are stored."""

from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.users.models import User
from app.versions import Versioned


class Review(Versioned):
    """What somebody thinks of a movie."""

    __tablename__ = "reviews"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    movie_id: Mapped[UUID] = mapped_column(ForeignKey("movies.id", ondelete="CASCADE"))
    # Null when the account was deleted: what others read, and what the rating is made of, stays.
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    rating: Mapped[int]
    text: Mapped[str] = mapped_column(Text)

    author: Mapped[User | None] = relationship(lazy="raise", passive_deletes="all")

    __table_args__ = (
        UniqueConstraint("movie_id", "user_id"),
        # The reviews of a movie, the newest first.
        Index(None, "movie_id", "created_at", "id"),
        Index(None, "user_id"),
    )
