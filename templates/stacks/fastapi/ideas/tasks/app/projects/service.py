"""What can be done with projects. Knows the database and nothing of HTTP."""

from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import NOT_ENOUGH, Access, ProjectAccess
from app.audit.service import Change, record, record_at_once
from app.clock import now
from app.columns import sort_key
from app.errors import NotFoundError
from app.organisations.models import Membership
from app.organisations.service import lock_members
from app.pages import PageParameters, fetch_rows
from app.permissions import Role, governs, is_higher, lower_of
from app.projects.models import PROJECTS, Project, ProjectRole
from app.projects.schemas import NewProject, ProjectBody, ProjectChanges, ProjectRoleBody
from app.refusals import ConflictError, ForbiddenError
from app.rows import AnyRow, AnySelect
from app.tasks.models import Task
from app.users.models import User
from app.users.schemas import UserBody


async def list_projects(
    session: AsyncSession, access: Access, parameters: PageParameters
) -> tuple[list[ProjectBody], int]:
    """Return one page of the projects of an organisation, by name, and how many there are."""
    statement = _views(access.user_id).where(Project.organisation_id == access.organisation_id)
    statement = statement.order_by(Project.name_key, Project.id)
    rows, total = await fetch_rows(session, statement, parameters)
    return [_body(row) for row in rows], total


async def get_project(session: AsyncSession, user_id: UUID, project_id: UUID) -> ProjectBody:
    """Return a project that the user may see."""
    statement = _views(user_id).where(Project.id == project_id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError("There is no project with this id.")
    return _body(row)


async def create_project(session: AsyncSession, access: Access, new: NewProject) -> ProjectBody:
    """Make a project."""
    moment = now()
    project_id = uuid4()
    columns = {
        "id": project_id,
        "organisation_id": access.organisation_id,
        **new.model_dump(),
        "name_key": sort_key(new.name),
        "created_at": moment,
        "order_changed_at": moment,
    }
    # One row needs none of what session.add() prepares, and that takes longer than the INSERT.
    await session.execute(insert(PROJECTS), columns)
    change = Change(after=new.model_dump())
    await record_at_once(session, access, "project.create", project_id, change)
    await session.commit()
    return ProjectBody(
        id=project_id,
        organisation_id=access.organisation_id,
        name=new.name,
        description=new.description,
        role=access.role,
        task_count=0,
        created_at=moment,
    )


async def change_project(
    session: AsyncSession, access: ProjectAccess, changes: ProjectChanges
) -> ProjectBody:
    """Change a project."""
    project = await session.get_one(Project, access.project_id)
    after = changes.model_dump(exclude_unset=True)
    before = {name: getattr(project, name) for name in after}
    for name, value in after.items():
        setattr(project, name, value)
    project.name_key = sort_key(project.name)
    if after:
        record(session, access, "project.change", project.id, Change(before, after))
    await session.commit()
    return await get_project(session, access.user_id, access.project_id)


async def delete_project(session: AsyncSession, access: ProjectAccess) -> None:
    """Delete a project with its tasks."""
    project = await session.get_one(Project, access.project_id)
    before = {"name": project.name, "description": project.description}
    record(session, access, "project.delete", project.id, Change(before))
    await session.execute(delete(Project).where(Project.id == access.project_id))
    await session.commit()


async def list_roles(
    session: AsyncSession, access: ProjectAccess, parameters: PageParameters
) -> tuple[list[ProjectRoleBody], int]:
    """Return one page of the members whose role is lower here, by name, and how many."""
    statement = _role_views(access.project_id).order_by(User.name_key, User.id)
    rows, total = await fetch_rows(session, statement, parameters)
    return [_role_body(row) for row in rows], total


async def lower_role(
    session: AsyncSession, access: ProjectAccess, user_id: UUID, role: Role
) -> ProjectRoleBody:
    """Give a member a lower role in a project than in the organisation.

    Raises:
        NotFoundError: There is no such member.
        ConflictError: It is an owner, or the role would not be lower.
        ForbiddenError: The member's role is not below the own one.
    """
    membership = await _locked(session, access, user_id)
    if membership.role == "owner":
        raise ConflictError("An owner is one in every project.")
    if not is_higher(membership.role, role):
        raise ConflictError(f"The role {role} is not lower than {membership.role}.")
    if not governs(access.role, membership.role):
        raise ForbiddenError(NOT_ENOUGH)
    before = await _forget_role(session, access, user_id)
    session.add(
        ProjectRole(
            project_id=access.project_id,
            user_id=user_id,
            organisation_id=access.organisation_id,
            role=role,
        )
    )
    change = Change({"userId": user_id, "role": before}, {"userId": user_id, "role": role})
    record(session, access, "project.lower_role", access.project_id, change)
    await session.commit()
    statement = _role_views(access.project_id).where(User.id == user_id)
    return _role_body((await session.execute(statement)).one())


async def restore_role(session: AsyncSession, access: ProjectAccess, user_id: UUID) -> None:
    """Give a member the role of the organisation back.

    Raises:
        NotFoundError: There is no such member.
        ForbiddenError: The member's role is not below the own one.
    """
    membership = await _locked(session, access, user_id)
    if not governs(access.role, membership.role):
        raise ForbiddenError(NOT_ENOUGH)
    before = await _forget_role(session, access, user_id)
    if before is not None:
        change = Change({"userId": user_id, "role": before}, {"userId": user_id, "role": None})
        record(session, access, "project.restore_role", access.project_id, change)
    await session.commit()


async def lock_order(session: AsyncSession, project_id: UUID) -> None:
    """Let nobody else change the order or the tree of a project's tasks in the meantime.

    Raises:
        NotFoundError: Somebody has just deleted the project.
    """
    statement = (
        update(Project)
        .where(Project.id == project_id)
        .values(order_changed_at=now())
        .returning(Project.id)
        .execution_options(synchronize_session=False)
    )
    if await session.scalar(statement) is None:
        raise NotFoundError("There is no project with this id.")


async def _locked(session: AsyncSession, access: ProjectAccess, user_id: UUID) -> Membership:
    await lock_members(session, access.organisation_id)
    membership = await session.get(Membership, (access.organisation_id, user_id))
    if membership is None:
        raise NotFoundError("There is no such member.")
    return membership


async def _forget_role(session: AsyncSession, access: ProjectAccess, user_id: UUID) -> Role | None:
    statement = (
        delete(ProjectRole)
        .where(ProjectRole.project_id == access.project_id, ProjectRole.user_id == user_id)
        .returning(ProjectRole.role)
        .execution_options(synchronize_session=False)
    )
    role: Role | None = await session.scalar(statement)
    return role


def _views(user_id: UUID) -> AnySelect:
    tasks = (
        select(func.count())
        .where(Task.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery()
    )
    return (
        select(Project, Membership.role, ProjectRole.role, tasks)
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


def _body(row: AnyRow) -> ProjectBody:
    project, role, limit, task_count = row
    return ProjectBody(
        id=project.id,
        organisation_id=project.organisation_id,
        name=project.name,
        description=project.description,
        role=lower_of(role, limit),
        task_count=task_count,
        created_at=project.created_at,
    )


def _role_views(project_id: UUID) -> AnySelect:
    return (
        select(User.id, User.display_name, ProjectRole.role, Membership.role)
        .join(ProjectRole, ProjectRole.user_id == User.id)
        .join(
            Membership,
            and_(
                Membership.organisation_id == ProjectRole.organisation_id,
                Membership.user_id == User.id,
            ),
        )
        # A role in the organisation may have become as low since; then there is no difference.
        .where(ProjectRole.project_id == project_id, ProjectRole.role > Membership.role)
    )


def _role_body(row: AnyRow) -> ProjectRoleBody:
    user_id, display_name, role, organisation_role = row
    return ProjectRoleBody(
        user=UserBody(id=user_id, display_name=display_name),
        role=role,
        organisation_role=organisation_role,
    )
