"""The HTTP side of projects."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from app.access import Access, ProjectAccess, UserId, on_organisation, on_project
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.pages import Page, PageParameters
from app.projects import service
from app.projects.schemas import (
    NewProject,
    ProjectBody,
    ProjectChanges,
    ProjectRoleBody,
    ProjectRoleChange,
)

router = APIRouter(tags=["Projects"], responses=problems(401, 500, 503))
OF_ORGANISATION = "/organisations/{organisationId:uuid}/projects"
ONE = "/projects/{projectId:uuid}"
ROLE = f"{ONE}/roles/{{userId:uuid}}"


@router.get(OF_ORGANISATION, responses=problems(404, 422))
async def list_projects(
    session: Session,
    access: Annotated[Access, on_organisation("project.list")],
    parameters: Annotated[PageParameters, Query()],
) -> Page[ProjectBody]:
    """List projects."""
    items, total = await service.list_projects(session, access, parameters)
    return Page[ProjectBody].of(items, parameters, total)


@router.post(
    OF_ORGANISATION,
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 403, 404, 413, 415, 422),
    },
)
async def create_project(
    session: Session,
    access: Annotated[Access, on_organisation("project.create")],
    locate: Locate,
    new: NewProject,
) -> ProjectBody:
    """Make a project."""
    project = await service.create_project(session, access, new)
    locate("get_project", projectId=str(project.id))
    return project


@router.get(ONE, responses=problems(404))
async def get_project(
    session: Session, access: Annotated[ProjectAccess, on_project("project.read")]
) -> ProjectBody:
    """Read a project."""
    return await service.get_project(session, access.user_id, access.project_id)


@router.patch(ONE, responses=problems(400, 403, 404, 413, 415, 422))
async def change_project(
    session: Session,
    access: Annotated[ProjectAccess, on_project("project.change")],
    changes: ProjectChanges,
) -> ProjectBody:
    """Change a project."""
    return await service.change_project(session, access, changes)


@router.delete(ONE, status_code=status.HTTP_204_NO_CONTENT, responses=problems(403, 404))
async def delete_project(
    session: Session, access: Annotated[ProjectAccess, on_project("project.delete")]
) -> None:
    """Delete a project."""
    await service.delete_project(session, access)


@router.get(f"{ONE}/roles", responses=problems(403, 404, 422))
async def list_project_roles(
    session: Session,
    access: Annotated[ProjectAccess, on_project("project.list_roles")],
    parameters: Annotated[PageParameters, Query()],
) -> Page[ProjectRoleBody]:
    """List lowered roles."""
    items, total = await service.list_roles(session, access, parameters)
    return Page[ProjectRoleBody].of(items, parameters, total)


@router.put(ROLE, responses=problems(400, 403, 404, 409, 413, 415, 422))
async def lower_project_role(
    session: Session,
    access: Annotated[ProjectAccess, on_project("project.lower_role")],
    user_id: UserId,
    change: ProjectRoleChange,
) -> ProjectRoleBody:
    """Lower a role."""
    return await service.lower_role(session, access, user_id, change.role)


@router.delete(ROLE, status_code=status.HTTP_204_NO_CONTENT, responses=problems(403, 404))
async def restore_project_role(
    session: Session,
    access: Annotated[ProjectAccess, on_project("project.restore_role")],
    user_id: UserId,
) -> None:
    """Restore a role."""
    await service.restore_role(session, access, user_id)
