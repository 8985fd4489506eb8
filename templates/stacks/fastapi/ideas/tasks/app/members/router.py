"""The HTTP side of members."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from app.access import Access, UserId, on_member, on_organisation
from app.database import Session
from app.members import service
from app.members.schemas import MemberBody, RoleChange
from app.openapi import problems
from app.pages import Page, PageParameters

router = APIRouter(
    prefix="/organisations/{organisationId:uuid}/members",
    tags=["Organisations"],
    responses=problems(401, 500, 503),
)


@router.get("", responses=problems(404, 422))
async def list_members(
    session: Session,
    access: Annotated[Access, on_organisation("member.list")],
    parameters: Annotated[PageParameters, Query()],
) -> Page[MemberBody]:
    """List members."""
    items, total = await service.list_members(session, access.organisation_id, parameters)
    return Page[MemberBody].of(items, parameters, total)


@router.patch("/{userId:uuid}", responses=problems(400, 403, 404, 409, 413, 415, 422))
async def change_member(
    session: Session,
    access: Annotated[Access, on_organisation("member.change")],
    user_id: UserId,
    change: RoleChange,
) -> MemberBody:
    """Change a member's role."""
    return await service.change_role(session, access, user_id, change.role)


@router.delete(
    "/{userId:uuid}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(403, 404, 409),
)
async def remove_member(
    session: Session,
    access: Annotated[Access, on_member("member.remove")],
    user_id: UserId,
) -> None:
    """Remove a member, or leave."""
    await service.remove_member(session, access, user_id)
