"""How messages are stored."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import now
from app.database import Base, UtcDateTime
from app.users.models import User


class Message(Base):
    """Something that was said."""

    __tablename__ = "messages"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    seq: Mapped[int]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(64))
    # Null when the message was deleted: the number stays, the text does not.
    text: Mapped[str | None] = mapped_column(Text)
    # The text without differences of case, for the search.
    search_text: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("room_id", "seq"),
        # What is sent twice is stored once.
        UniqueConstraint("room_id", "author_id", "client_id"),
    )
