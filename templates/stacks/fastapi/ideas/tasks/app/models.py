"""Every model, imported so that Alembic sees its table."""

from app.audit.models import AuditEntry
from app.comments.models import Comment
from app.database import Base
from app.notifications.models import Notification
from app.organisations.models import Invitation, Membership, Organisation
from app.outbox import HandledEvent, OutboxEvent
from app.projects.models import Project, ProjectRole
from app.refresh_tokens import LoginSession
from app.tasks.models import Task, TaskAssignee, TaskLabel, TaskWatcher
from app.users.models import MailToken, User

__all__ = [
    "AuditEntry",
    "Base",
    "Comment",
    "HandledEvent",
    "Invitation",
    "LoginSession",
    "MailToken",
    "Membership",
    "Notification",
    "Organisation",
    "OutboxEvent",
    "Project",
    "ProjectRole",
    "Task",
    "TaskAssignee",
    "TaskLabel",
    "TaskWatcher",
    "User",
]
