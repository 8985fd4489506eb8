"""How reports, and what moderators did about them, are stored."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, UtcDateTime
from app.posts.models import Post
from app.users.models import User

OPEN, DISMISSED, HIDDEN, SUSPENDED = "open", "dismissed", "hidden", "suspended"


class Report(Base):
    """That somebody thinks a profile or a post should not be here."""

    __tablename__ = "reports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # Null when the reporter's account is gone.
    reporter_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("posts.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(20), default=OPEN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)
    post: Mapped[Post | None] = relationship(lazy="joined")

    __table_args__ = (Index(None, "state", "created_at", "id"),)


class AuditEntry(Base):
    """Something that a moderator did. Nothing ever changes or deletes one."""

    __tablename__ = "audit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The handle at that time: the entry outlives the account.
    moderator: Mapped[str] = mapped_column(String(30))
    action: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    # No foreign key: which post it was stays known when the post is gone.
    post_id: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(String(1000))

    user: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (Index(None, "created_at", "id"),)
