"""What clients send and get about reports."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.cursors import CursorPage, CursorParameters
from app.moderation.models import AuditEntry, Report
from app.profiles.schemas import ProfileSummary
from app.schemas import RequestBody, ResponseBody
from app.texts import Note

Reason = Literal["spam", "abuse", "violence", "illegal", "other"]
State = Literal["open", "dismissed", "hidden", "suspended"]
Action = Literal[
    "dismiss_report", "hide_post", "unhide_post", "suspend_account", "unsuspend_account"
]


class NewReport(RequestBody):
    """What is wrong."""

    reason: Reason
    text: Note = ""


class ReportQuery(CursorParameters):
    """Which reports."""

    state: State = "open"


class ReportBody(ResponseBody):
    """A report."""

    id: UUID
    reason: Reason
    text: str
    state: State
    profile: ProfileSummary
    post_id: UUID | None
    post_text: str | None
    created_at: datetime
    resolved_at: datetime | None

    @classmethod
    def of(cls, report: Report) -> "ReportBody":
        """Return a stored report."""
        return cls.model_validate(
            {
                "id": report.id,
                "reason": report.reason,
                "text": report.text,
                "state": report.state,
                "profile": ProfileSummary.of(report.user),
                "postId": report.post_id,
                "postText": report.post.text if report.post else None,
                "createdAt": report.created_at,
                "resolvedAt": report.resolved_at,
            }
        )


ReportPage = CursorPage[ReportBody]


class Decision(RequestBody):
    """What is done about a report."""

    decision: Literal["dismiss", "hide_post", "suspend_account"]
    note: Note = ""


class AuditBody(ResponseBody):
    """Something that a moderator did."""

    id: UUID
    at: datetime
    moderator: str
    action: Action
    handle: str | None
    post_id: UUID | None
    note: str

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditBody":
        """Return a stored entry."""
        return cls.model_validate(
            {
                "id": entry.id,
                "at": entry.created_at,
                "moderator": entry.moderator,
                "action": entry.action,
                "handle": entry.user.handle if entry.user else None,
                "postId": entry.post_id,
                "note": entry.note,
            }
        )


AuditPage = CursorPage[AuditBody]
