"""How rooms, their members and invitations are stored."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import now
from app.database import Base, UtcDateTime
from app.users.models import User


class Room(Base):
    """A place to talk: for everybody, for the invited, or for two."""

    __tablename__ = "rooms"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str | None] = mapped_column(String(80))
    # The name without differences of case, for the search.
    search_text: Mapped[str] = mapped_column(Text, default="")
    topic: Mapped[str] = mapped_column(String(200), default="")
    visibility: Mapped[str] = mapped_column(String(10))
    # The two of a direct conversation, so that there is only one; null elsewhere.
    pair: Mapped[str | None] = mapped_column(String(73), unique=True)
    # The number of the newest message. Whoever raises it holds the row until the message is stored,
    # so numbers have no gaps and appear in their order.
    last_seq: Mapped[int] = mapped_column(default=0)
    active_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'private', 'direct')", name="visibility"),
        Index(None, "visibility", "search_text", "id"),
    )


class Membership(Base):
    """Somebody in a room."""

    __tablename__ = "memberships"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(10))
    last_read_seq: Mapped[int] = mapped_column(default=0)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("role IN ('owner', 'member')", name="role"),)


class Invitation(Base):
    """Somebody may join a room."""

    __tablename__ = "invitations"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    room: Mapped[Room] = relationship(lazy="raise")
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="raise")
    invited_by: Mapped[User] = relationship(foreign_keys=[invited_by_id], lazy="raise")
