"""How todos are stored."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Todo(Base):
    """Something to do."""

    __tablename__ = "todos"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(200))
    # The title without differences of case, for the search. The databases' own lower() cannot
    # do it: SQLite's knows only ASCII, PostgreSQL's depends on the server's locale.
    search_text: Mapped[str] = mapped_column(Text)
    completed: Mapped[bool] = mapped_column(default=False)
    order: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # The order of the list.
    __table_args__ = (Index(None, "order", "created_at", "id"),)
