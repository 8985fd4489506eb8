"""The HTTP side of organisations."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from app.access import Access, on_organisation
from app.auth.dependencies import CurrentUser
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.organisations import service
from app.organisations.schemas import (
    NewOrganisation,
    OrganisationBody,
    OrganisationChanges,
    PermissionBody,
    PermissionTable,
)
from app.pages import Page, PageParameters
from app.permissions import PERMISSIONS

router = APIRouter(tags=["Organisations"], responses=problems(500, 503))
ONE = "/organisations/{organisationId:uuid}"


@router.get("/organisations", responses=problems(401, 422))
async def list_organisations(
    session: Session, me: CurrentUser, parameters: Annotated[PageParameters, Query()]
) -> Page[OrganisationBody]:
    """List own organisations."""
    items, total = await service.list_organisations(session, me.user.id, parameters)
    return Page[OrganisationBody].of(items, parameters, total)


@router.post(
    "/organisations",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 401, 413, 415, 422),
    },
)
async def create_organisation(
    session: Session, me: CurrentUser, locate: Locate, new: NewOrganisation
) -> OrganisationBody:
    """Make an organisation."""
    organisation = await service.create_organisation(session, me.user.id, new)
    locate("get_organisation", organisationId=str(organisation.id))
    return organisation


@router.get(ONE, responses=problems(401, 404))
async def get_organisation(
    session: Session, access: Annotated[Access, on_organisation("organisation.read")]
) -> OrganisationBody:
    """Read an organisation."""
    return await service.get_organisation(session, access.user_id, access.organisation_id)


@router.patch(ONE, responses=problems(400, 401, 403, 404, 413, 415, 422))
async def change_organisation(
    session: Session,
    access: Annotated[Access, on_organisation("organisation.change")],
    changes: OrganisationChanges,
) -> OrganisationBody:
    """Change an organisation."""
    return await service.change_organisation(session, access, changes)


@router.delete(ONE, status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403, 404))
async def delete_organisation(
    session: Session, access: Annotated[Access, on_organisation("organisation.delete")]
) -> None:
    """Delete an organisation."""
    await service.delete_organisation(session, access)


@router.get("/permissions")
async def list_permissions() -> PermissionTable:
    """Read the table of permissions."""
    items = [
        PermissionBody(action=action, roles=list(roles), condition=condition)
        for action, roles, condition in PERMISSIONS.values()
    ]
    return PermissionTable(items=items)
