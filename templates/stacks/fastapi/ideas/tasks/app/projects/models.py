"""How projects are stored, and who may do less in them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Ranked, SortKey
from app.database import Base, UtcDateTime
from app.permissions import ROLES, Role


class Project(Base):
    """Tasks that belong together."""

    __tablename__ = "projects"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(SortKey)
    description: Mapped[str] = mapped_column(String(10_000))
    # The number of the newest task.
    last_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Whoever changes the order or the tree of tasks writes it first: so one comes after the other.
    order_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "organisation_id", "name_key"),)


class ProjectRole(Base):
    """A limit to what a member may do in a project."""

    __tablename__ = "project_roles"

    project_id: Mapped[UUID] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    role: Mapped[Role] = mapped_column(Ranked(ROLES))

    # It ends with the membership.
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "user_id"],
            ["memberships.organisation_id", "memberships.user_id"],
            ondelete="CASCADE",
        ),
        Index(None, "organisation_id", "user_id"),
    )


PROJECTS = Base.metadata.tables[Project.__tablename__]
