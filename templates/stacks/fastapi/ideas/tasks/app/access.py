"""Guards of routes: who is asking, what for, and in which role.

A guard finds the organisation that an address belongs to and the role that the user has there. To
others than its members nothing of an organisation exists: 404. Whether the role is enough is in
app/permissions.py: if not, 403.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path
from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import Actor
from app.auth.dependencies import CurrentUser
from app.comments.models import Comment
from app.database import Session
from app.errors import NotFoundError
from app.organisations.models import Membership
from app.permissions import Role, is_allowed, lower_of
from app.projects.models import Project, ProjectRole
from app.refusals import ForbiddenError
from app.rows import AnySelect
from app.tasks.models import Task

NOT_ENOUGH = "Your role does not allow this."
# Statements that most requests run are made once.
ROLE = select(Membership.role).where(
    Membership.organisation_id == bindparam("organisation_id"),
    Membership.user_id == bindparam("user_id"),
)

OrganisationId = Annotated[UUID, Path(alias="organisationId", description="The organisation's id.")]
UserId = Annotated[UUID, Path(alias="userId", description="The user's id.")]
ProjectId = Annotated[UUID, Path(alias="projectId", description="The project's id.")]
TaskId = Annotated[UUID, Path(alias="taskId", description="The task's id.")]
CommentId = Annotated[UUID, Path(alias="commentId", description="The comment's id.")]


@dataclass(frozen=True)
class Access(Actor):
    """Somebody in an organisation, or in one of its projects.

    Args:
        role: Their role there; in a project never higher than in the organisation.
    """

    role: Role

    def require(self, action: str) -> None:
        """Make sure that the role is enough.

        Raises:
            ForbiddenError: It is not.
        """
        if not is_allowed(self.role, action):
            raise ForbiddenError(NOT_ENOUGH)


@dataclass(frozen=True)
class ProjectAccess(Access):
    """Somebody in a project."""

    project_id: UUID


def roles_in_projects(user_id: UUID) -> AnySelect:
    """Select project, organisation, role there and limit here, for projects that a user may see.

    Whoever uses it joins what the projects are looked up by.
    """
    return (
        select(Project.id, Project.organisation_id, Membership.role, ProjectRole.role)
        .join(
            Membership,
            and_(
                Membership.organisation_id == Project.organisation_id,
                Membership.user_id == user_id,
            ),
        )
        .outerjoin(
            ProjectRole,
            and_(ProjectRole.project_id == Project.id, ProjectRole.user_id == user_id),
        )
    )


class OnOrganisation:
    """Guards a route with an organisation in its path.

    Args:
        action: What the route does, as app/permissions.py calls it.
    """

    def __init__(self, action: str) -> None:
        self.action = action

    async def __call__(
        self, session: Session, me: CurrentUser, organisation_id: OrganisationId
    ) -> Access:
        """Give who is asking, in which role."""
        access = await access_to_organisation(session, me.user.id, organisation_id)
        access.require(self.action)
        return access


class OnMember:
    """Guards a route with a member in its path: everybody may do it to themselves.

    Args:
        action: What the route does to others, as app/permissions.py calls it.
    """

    def __init__(self, action: str) -> None:
        self.action = action

    async def __call__(
        self, session: Session, me: CurrentUser, organisation_id: OrganisationId, user_id: UserId
    ) -> Access:
        """Give who is asking, in which role."""
        access = await access_to_organisation(session, me.user.id, organisation_id)
        if user_id != me.user.id:
            access.require(self.action)
        return access


async def access_to_organisation(
    session: AsyncSession, user_id: UUID, organisation_id: UUID
) -> Access:
    """Return a member of an organisation.

    Raises:
        NotFoundError: There is no such organisation, or the user is not in it.
    """
    who = {"organisation_id": organisation_id, "user_id": user_id}
    role: Role | None = await session.scalar(ROLE, who)
    if role is None:
        raise NotFoundError("There is no organisation with this id.")
    return Access(user_id, organisation_id, role)


class OnProject:
    """Guards a route with a project in its path.

    Args:
        action: What the route does, as app/permissions.py calls it.
    """

    def __init__(self, action: str) -> None:
        self.action = action

    async def __call__(
        self, session: Session, me: CurrentUser, project_id: ProjectId
    ) -> ProjectAccess:
        """Give who is asking, in which role."""
        statement = roles_in_projects(me.user.id).where(Project.id == project_id)
        return await _granted(session, me.user.id, statement, self.action, "project")


class OnTask:
    """Guards a route with a task in its path.

    Args:
        action: What the route does, as app/permissions.py calls it.
    """

    def __init__(self, action: str) -> None:
        self.action = action

    async def __call__(self, session: Session, me: CurrentUser, task_id: TaskId) -> ProjectAccess:
        """Give who is asking, in which role."""
        statement = _through_tasks(me.user.id, Task.id == task_id)
        return await _granted(session, me.user.id, statement, self.action, "task")


class OnComment:
    """Guards a route with a comment in its path.

    Args:
        action: What the route does, as app/permissions.py calls it.
    """

    def __init__(self, action: str) -> None:
        self.action = action

    async def __call__(
        self, session: Session, me: CurrentUser, comment_id: CommentId
    ) -> ProjectAccess:
        """Give who is asking, in which role."""
        statement = _through_tasks(me.user.id, Comment.id == comment_id)
        statement = statement.join(Comment, Comment.task_id == Task.id)
        return await _granted(session, me.user.id, statement, self.action, "comment")


def on_organisation(action: str) -> Any:
    """Guard a route with an organisation in its path, as a dependency."""
    return Depends(OnOrganisation(action))


def on_member(action: str) -> Any:
    """Guard a route with a member in its path, as a dependency."""
    return Depends(OnMember(action))


def on_project(action: str) -> Any:
    """Guard a route with a project in its path, as a dependency."""
    return Depends(OnProject(action))


def on_task(action: str) -> Any:
    """Guard a route with a task in its path, as a dependency."""
    return Depends(OnTask(action))


def on_comment(action: str) -> Any:
    """Guard a route with a comment in its path, as a dependency."""
    return Depends(OnComment(action))


def _through_tasks(user_id: UUID, which: ColumnElement[bool]) -> AnySelect:
    statement = roles_in_projects(user_id).join(Task, Task.project_id == Project.id)
    return statement.where(which)


async def roles_on_tasks(
    session: AsyncSession, user_id: UUID, task_ids: Sequence[UUID]
) -> dict[UUID, Role]:
    """Return the role that a user has on each task; those that they may not see are left out."""
    statement = _through_tasks(user_id, Task.id.in_(task_ids)).add_columns(Task.id)
    rows = await session.execute(statement)
    return {task_id: lower_of(role, limit) for _, _, role, limit, task_id in rows}


async def _granted(
    session: AsyncSession, user_id: UUID, statement: AnySelect, action: str, what: str
) -> ProjectAccess:
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NotFoundError(f"There is no {what} with this id.")
    project_id, organisation_id, role, limit = found
    access = ProjectAccess(user_id, organisation_id, lower_of(role, limit), project_id)
    access.require(action)
    return access
