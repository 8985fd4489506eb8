"""How genres are stored."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.versions import Versioned


class Genre(Versioned):
    """What movies are sorted into."""

    __tablename__ = "genres"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))

    # The order of the list.
    __table_args__ = (Index(None, "name", "slug"),)
