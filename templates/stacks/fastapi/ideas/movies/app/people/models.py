"""How people are stored."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.search import Searchable
from app.versions import Versioned


class Person(Searchable, Versioned):
    """Somebody who acts in movies or works on them."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    # The name without case and accents, for the order of lists.
    sort_name: Mapped[str] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    biography: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index(None, "sort_name", "id"),
        Index(None, "search", postgresql_using="gin"),
    )


PEOPLE = Base.metadata.tables[Person.__tablename__]
