"""How tasks are stored."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Ranked
from app.database import Base, UtcDateTime
from app.tasks.workflow import PRIORITIES, Priority, Status


class Task(Base):
    """Something to be done."""

    __tablename__ = "tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # The project's: with it a list needs no join to know who may see the task.
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE")
    )
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    # Title and description, folded. Queries use it, and nobody reads it.
    search_text: Mapped[str] = mapped_column(Text, deferred=True)
    status: Mapped[Status] = mapped_column(String(11))
    priority: Mapped[Priority] = mapped_column(Ranked(PRIORITIES))
    due_date: Mapped[date | None]
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("tasks.id", ondelete="CASCADE"), index=True
    )
    # Where it stands in its project; see app/tasks/order.py.
    position: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index(None, "project_id", "position", "id"),
        Index(None, "organisation_id", "created_at", "id"),
        Index(None, "organisation_id", "due_date", "id"),
    )


class TaskLabel(Base):
    """A word that a task is found by."""

    __tablename__ = "task_labels"

    task_id: Mapped[UUID] = mapped_column(
        ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    label: Mapped[str] = mapped_column(String(30), primary_key=True, index=True)


class TaskAssignee(Base):
    """Who does a task."""

    __tablename__ = "task_assignees"

    task_id: Mapped[UUID] = mapped_column(
        ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]

    # Only members are assigned, and only as long as they are members.
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "user_id"],
            ["memberships.organisation_id", "memberships.user_id"],
            ondelete="CASCADE",
        ),
        Index(None, "organisation_id", "user_id"),
    )


class TaskWatcher(Base):
    """Who wants to know what happens to a task."""

    __tablename__ = "task_watchers"

    task_id: Mapped[UUID] = mapped_column(
        ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]

    # Only members watch, and only as long as they are members.
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "user_id"],
            ["memberships.organisation_id", "memberships.user_id"],
            ondelete="CASCADE",
        ),
        Index(None, "organisation_id", "user_id"),
    )
