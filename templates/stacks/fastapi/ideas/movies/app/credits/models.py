"""How credits are stored."""

from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.movies.models import Movie
from app.people.models import Person

CAST, CREW = "cast", "crew"


class Credit(Base):
    """That a person played a character in a movie, or did a job for it."""

    __tablename__ = "credits"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    movie_id: Mapped[UUID] = mapped_column(ForeignKey("movies.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(4))
    # Cast has these two, crew has a job.
    character: Mapped[str | None] = mapped_column(String(100))
    order: Mapped[int | None]
    job: Mapped[str | None] = mapped_column(String(100))

    movie: Mapped[Movie] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    # Who is in a movie, and what a person did.
    __table_args__ = (
        Index(None, "movie_id", "kind", "order", "id"),
        Index(None, "person_id", "movie_id"),
    )
