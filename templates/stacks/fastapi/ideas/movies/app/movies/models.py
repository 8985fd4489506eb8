"""How movies are stored."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from app.database import Base
from app.search import Searchable
from app.versions import Versioned


class MovieGenre(Base):
    """That a movie is of a genre."""

    __tablename__ = "movie_genres"

    movie_id: Mapped[UUID] = mapped_column(
        ForeignKey("movies.id", ondelete="CASCADE"), primary_key=True
    )
    genre_slug: Mapped[str] = mapped_column(ForeignKey("genres.slug"), primary_key=True)

    # The movies of a genre.
    __table_args__ = (Index(None, "genre_slug", "movie_id"),)


class Movie(Searchable, Versioned):
    """A movie of the catalogue."""

    __tablename__ = "movies"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # The id in the file that it was imported from.
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    # The title without case and accents, for the order of lists.
    sort_title: Mapped[str] = mapped_column(String(200))
    original_title: Mapped[str | None] = mapped_column(String(200))
    year: Mapped[int]
    runtime_minutes: Mapped[int]
    overview: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(3))
    release_date: Mapped[date | None]
    # What the reviews come to. Only app/reviews/service.py writes these three, in the transaction
    # of the review; lists sort and filter by them without looking at a single review.
    rating_sum: Mapped[int] = mapped_column(default=0)
    review_count: Mapped[int] = mapped_column(default=0)
    rating: Mapped[float] = mapped_column(default=0.0)

    # The slugs with a space between them, in the query for the movie itself: one query for a
    # list, where a relationship would take two.
    genre_slugs: Mapped[str | None] = column_property(
        select(func.aggregate_strings(MovieGenre.genre_slug, " "))
        .where(MovieGenre.movie_id == id)  # noqa: A003 - the column
        .correlate_except(MovieGenre)
        .scalar_subquery(),
        # Changing a movie does not change its genres.
        expire_on_flush=False,
    )

    # One index for each order of the list, in both directions, and one for its search.
    __table_args__ = (
        Index(None, "sort_title", "id"),
        Index(None, "year", "id"),
        Index(None, "runtime_minutes", "id"),
        Index(None, "rating", "id"),
        Index(None, "review_count", "id"),
        Index(None, "search", postgresql_using="gin"),
    )
