"""How organisations are stored, and who is in them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Ranked, SortKey
from app.database import Base, UtcDateTime
from app.permissions import ROLES, Role


class Organisation(Base):
    """People who work together."""

    __tablename__ = "organisations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(SortKey)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Whoever changes who its owners are writes it first: so one comes after the other.
    members_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """Somebody in an organisation."""

    __tablename__ = "memberships"

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[Role] = mapped_column(Ranked(ROLES))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Invitation(Base):
    """Somebody who may become a member."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE")
    )
    # In small letters, as in accounts.
    email: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[Role] = mapped_column(Ranked(ROLES))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # A new invitation for the same address replaces the one before.
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)


MEMBERSHIPS = Base.metadata.tables[Membership.__tablename__]
