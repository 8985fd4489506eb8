"""What can be done with members. Knows the database and nothing of HTTP."""

from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import NOT_ENOUGH, Access
from app.audit.service import Change, record
from app.clock import now
from app.errors import NotFoundError
from app.members.schemas import MemberBody
from app.organisations.models import Membership
from app.organisations.service import lock_members
from app.pages import PageParameters, fetch_rows
from app.permissions import Role, governs
from app.refusals import ConflictError, ForbiddenError
from app.rows import AnyRow, AnySelect
from app.tasks.models import Task, TaskAssignee
from app.users.models import User
from app.users.schemas import UserBody


async def list_members(
    session: AsyncSession, organisation_id: UUID, parameters: PageParameters
) -> tuple[list[MemberBody], int]:
    """Return one page of the members of an organisation, by name, and how many there are."""
    statement = _views(organisation_id).order_by(User.name_key, User.id)
    rows, total = await fetch_rows(session, statement, parameters)
    return [_body(row) for row in rows], total


async def change_role(
    session: AsyncSession, access: Access, user_id: UUID, role: Role
) -> MemberBody:
    """Give a member another role.

    Raises:
        NotFoundError: There is no such member.
        ForbiddenError: The role before or after is not below the own one.
        ConflictError: It is the last owner.
    """
    membership = await _locked(session, access, user_id)
    if not (governs(access.role, membership.role) and governs(access.role, role)):
        raise ForbiddenError(NOT_ENOUGH)
    if membership.role == "owner" and role != "owner":
        await _require_another_owner(session, access.organisation_id)
    change = Change({"role": membership.role}, {"role": role})
    record(session, access, "member.change", user_id, change)
    membership.role = role
    await session.commit()
    statement = _views(access.organisation_id).where(User.id == user_id)
    return _body((await session.execute(statement)).one())


async def remove_member(session: AsyncSession, access: Access, user_id: UUID) -> None:
    """End a membership, somebody else's or the own one.

    Raises:
        NotFoundError: There is no such member.
        ForbiddenError: It is somebody whose role is not below the own one.
        ConflictError: It is the last owner.
    """
    membership = await _locked(session, access, user_id)
    if user_id != access.user_id and not governs(access.role, membership.role):
        raise ForbiddenError(NOT_ENOUGH)
    if membership.role == "owner":
        await _require_another_owner(session, access.organisation_id)
    # What the member was assigned to changes. The assignments themselves, watched tasks and lowered
    # roles belong to the membership: the database deletes them with it.
    assigned = (
        select(Task.id)
        .join(TaskAssignee, TaskAssignee.task_id == Task.id)
        .where(
            TaskAssignee.user_id == user_id,
            TaskAssignee.organisation_id == access.organisation_id,
        )
        .order_by(Task.id)
        .with_for_update(of=Task)
    )
    await session.execute(
        update(Task)
        .where(Task.id.in_(assigned.scalar_subquery()))
        .values(version=Task.version + 1, updated_at=now())
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(Membership).where(
            Membership.organisation_id == access.organisation_id, Membership.user_id == user_id
        )
    )
    change = Change(before={"role": membership.role})
    record(session, access, "member.remove", user_id, change)
    await session.commit()


async def _locked(session: AsyncSession, access: Access, user_id: UUID) -> Membership:
    """Return a membership which nobody else changes until the end of the transaction."""
    await lock_members(session, access.organisation_id)
    membership = await session.get(Membership, (access.organisation_id, user_id))
    if membership is None:
        raise NotFoundError("There is no such member.")
    return membership


async def _require_another_owner(session: AsyncSession, organisation_id: UUID) -> None:
    owners = select(func.count()).where(
        Membership.organisation_id == organisation_id, Membership.role == "owner"
    )
    if await session.scalar(owners) == 1:
        raise ConflictError("An organisation needs an owner, and this is the last one.")


def _views(organisation_id: UUID) -> AnySelect:
    return (
        select(User.id, User.display_name, Membership.role, Membership.joined_at)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id)
    )


def _body(row: AnyRow) -> MemberBody:
    user_id, display_name, role, joined_at = row
    user = UserBody(id=user_id, display_name=display_name)
    return MemberBody(user=user, role=role, joined_at=joined_at)
