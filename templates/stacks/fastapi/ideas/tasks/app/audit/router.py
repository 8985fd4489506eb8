"""The HTTP side of the audit log."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.access import Access, on_organisation
from app.audit import csv_file, service
from app.audit.schemas import AuditEntryBody, AuditQuery
from app.cursors import CursorPage
from app.database import Session
from app.openapi import problems

router = APIRouter(tags=["Audit"], responses=problems(401, 500, 503))

CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {csv_file.MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


@router.get(
    "/organisations/{organisationId:uuid}/audit",
    response_model=CursorPage[AuditEntryBody],
    responses={**CSV, **problems(403, 404, 422)},
)
async def list_audit(
    request: Request,
    session: Session,
    access: Annotated[Access, on_organisation("audit.read")],
    query: Annotated[AuditQuery, Query()],
) -> CursorPage[AuditEntryBody] | Response:
    """Read the audit log."""
    if request.headers.get("Accept", "").partition(";")[0].strip() == csv_file.MEDIA_TYPE:
        lines = csv_file.lines(request.app.state.database, access.organisation_id, query)
        return StreamingResponse(lines, media_type=csv_file.MEDIA_TYPE)
    entries, following = await service.list_entries(session, access.organisation_id, query)
    return CursorPage[AuditEntryBody](items=entries, next_cursor=following)
