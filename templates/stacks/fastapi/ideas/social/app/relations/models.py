"""How accounts stand to each other."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Kind(StrEnum):
    """What one account is to another."""

    FOLLOW = "follow"
    REQUEST = "request"
    BLOCK = "block"
    MUTE = "mute"


class Relation(Base):
    """That one account follows, wants to follow, blocks or mutes another."""

    __tablename__ = "relations"

    source_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    target_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # Lists show the newest first, from both sides.
    __table_args__ = (
        Index("ix_relations_source", "source_id", "kind", "created_at", "target_id"),
        Index("ix_relations_target", "target_id", "kind", "created_at", "source_id"),
    )
