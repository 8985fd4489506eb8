"""The HTTP side of reports and of what moderators do."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.auth.dependencies import LIMITED, CurrentUser, Moderator
from app.cursors import CursorParameters
from app.database import Session
from app.moderation import service
from app.moderation.schemas import (
    AuditBody,
    AuditPage,
    Decision,
    NewReport,
    ReportBody,
    ReportPage,
    ReportQuery,
)
from app.openapi import problems
from app.profiles.paths import Handle

router = APIRouter(tags=["Moderation"], responses=problems(500, 503))

PostId = Annotated[UUID, Path(alias="postId")]
REPORTED: dict[str, Any] = {
    "status_code": status.HTTP_201_CREATED,
    "dependencies": [LIMITED],
    "responses": problems(400, 401, 404, 409, 413, 415, 422, 429),
}
UNDONE: dict[str, Any] = {
    "status_code": status.HTTP_204_NO_CONTENT,
    "responses": problems(401, 403, 404),
}


@router.post("/profiles/{handle}/reports", **REPORTED)
async def report_profile(
    session: Session, me: CurrentUser, handle: Handle, new: NewReport
) -> ReportBody:
    """Report a profile."""
    return ReportBody.of(await service.report_profile(session, me.user, handle, new))


@router.post("/posts/{postId}/reports", **REPORTED)
async def report_post(
    session: Session, me: CurrentUser, post_id: PostId, new: NewReport
) -> ReportBody:
    """Report a post."""
    return ReportBody.of(await service.report_post(session, me.user, post_id, new))


@router.get("/moderation/reports", responses=problems(401, 403, 422))
async def list_reports(
    session: Session, _moderator: Moderator, query: Annotated[ReportQuery, Query()]
) -> ReportPage:
    """List reports."""
    reports, following = await service.list_reports(session, query.state, query)
    return ReportPage(items=[ReportBody.of(report) for report in reports], next_cursor=following)


@router.patch(
    "/moderation/reports/{reportId}",
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422),
)
async def resolve_report(
    session: Session,
    moderator: Moderator,
    report_id: Annotated[UUID, Path(alias="reportId")],
    decision: Decision,
) -> ReportBody:
    """Decide a report."""
    return ReportBody.of(await service.decide(session, moderator.user, report_id, decision))


@router.delete("/moderation/posts/{postId}/hide", **UNDONE)
async def unhide_post(session: Session, moderator: Moderator, post_id: PostId) -> None:
    """Show a hidden post again."""
    await service.unhide_post(session, moderator.user, post_id)


@router.delete("/moderation/profiles/{handle}/suspension", **UNDONE)
async def unsuspend_profile(session: Session, moderator: Moderator, handle: Handle) -> None:
    """End a suspension."""
    await service.unsuspend(session, moderator.user, handle)


@router.get("/moderation/audit", responses=problems(401, 403, 422))
async def list_audit(
    session: Session, _moderator: Moderator, page: Annotated[CursorParameters, Query()]
) -> AuditPage:
    """Read the audit log."""
    entries, following = await service.list_audit(session, page)
    return AuditPage(items=[AuditBody.of(entry) for entry in entries], next_cursor=following)
