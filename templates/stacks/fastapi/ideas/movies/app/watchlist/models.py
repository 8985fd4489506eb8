"""How watchlists are stored."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import now
from app.database import Base, UtcDateTime
from app.movies.models import Movie


class WatchlistItem(Base):
    """That somebody wants to see a movie."""

    __tablename__ = "watchlist"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    movie_id: Mapped[UUID] = mapped_column(
        ForeignKey("movies.id", ondelete="CASCADE"), primary_key=True
    )
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    movie: Mapped[Movie] = relationship(lazy="raise")

    # A watchlist in its order; and what goes when a movie is deleted.
    __table_args__ = (Index(None, "user_id", "added_at", "movie_id"), Index(None, "movie_id"))
