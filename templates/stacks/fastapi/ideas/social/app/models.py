"""Every model, imported so that Alembic sees its table."""

from app.database import Base
from app.media.models import Media
from app.moderation.models import AuditEntry, Report
from app.notifications.models import Notification
from app.oidc.models import Authorization, Identity
from app.posts.models import Bookmark, Entry, Like, Post, PostHashtag, PostVersion
from app.refresh_tokens import LoginSession
from app.relations.models import Relation
from app.users.models import User

__all__ = [
    "AuditEntry",
    "Authorization",
    "Base",
    "Bookmark",
    "Entry",
    "Identity",
    "Like",
    "LoginSession",
    "Media",
    "Notification",
    "Post",
    "PostHashtag",
    "PostVersion",
    "Relation",
    "Report",
    "User",
]
