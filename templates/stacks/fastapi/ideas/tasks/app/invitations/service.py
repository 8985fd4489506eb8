"""What can be done with invitations. Knows the database and nothing of HTTP."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import NOT_ENOUGH, Access
from app.audit.service import Actor, Change, record
from app.clock import now
from app.errors import NotFoundError
from app.invitations.schemas import InvitationBody, InvitingOrganisation, NewInvitation
from app.organisations.models import Invitation, Membership, Organisation
from app.organisations.schemas import OrganisationBody
from app.organisations.service import get_organisation, lock_members
from app.outbox import enqueue
from app.pages import PageParameters, fetch_rows
from app.permissions import governs
from app.refusals import ConflictError, ForbiddenError
from app.rows import AnyRow, AnySelect
from app.users.models import User
from app.users.schemas import UserBody

LIFETIME = timedelta(days=7)
UNKNOWN = "There is no invitation with this id."


async def list_invitations(
    session: AsyncSession, which: ColumnElement[bool], parameters: PageParameters
) -> tuple[list[InvitationBody], int]:
    """Return one page of open invitations, the newest first, and how many there are."""
    statement = _views().where(which, Invitation.expires_at > now())
    statement = statement.order_by(Invitation.created_at.desc(), Invitation.id)
    rows, total = await fetch_rows(session, statement, parameters)
    return [_body(row) for row in rows], total


async def invite(session: AsyncSession, access: Access, new: NewInvitation) -> InvitationBody:
    """Invite somebody; an earlier invitation for the same address ends.

    Raises:
        ForbiddenError: The role is not below the own one.
        ConflictError: It is a member already.
    """
    if not governs(access.role, new.role):
        raise ForbiddenError(NOT_ENOUGH)
    await lock_members(session, access.organisation_id)
    member = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == access.organisation_id, User.email == new.email)
    )
    if await session.scalar(member) is not None:
        raise ConflictError("Somebody with this address is a member already.")
    await session.execute(
        delete(Invitation).where(
            Invitation.organisation_id == access.organisation_id, Invitation.email == new.email
        )
    )
    moment = now()
    invitation = Invitation(
        organisation_id=access.organisation_id,
        email=new.email,
        role=new.role,
        invited_by=access.user_id,
        created_at=moment,
        expires_at=moment + LIFETIME,
    )
    session.add(invitation)
    await session.flush()
    facts = Change(after=_facts(invitation))
    record(session, access, "invitation.create", invitation.id, facts)
    enqueue(session, "invitation.created", {"invitationId": str(invitation.id)})
    await session.commit()
    statement = _views().where(Invitation.id == invitation.id)
    return _body((await session.execute(statement)).one())


async def withdraw(session: AsyncSession, access: Access, invitation_id: UUID) -> None:
    """End an invitation of an organisation.

    Raises:
        NotFoundError: It has none with this id.
    """
    invitation = await _take(
        session, invitation_id, Invitation.organisation_id == access.organisation_id
    )
    facts = Change(before=_facts(invitation))
    record(session, access, "invitation.withdraw", invitation_id, facts)
    await session.commit()


async def decline(session: AsyncSession, user: User, invitation_id: UUID) -> None:
    """Throw an invitation to the own address away.

    Raises:
        NotFoundError: There is none with this id.
    """
    invitation = await _take(session, invitation_id, Invitation.email == user.email)
    actor, facts = Actor(user.id, invitation.organisation_id), Change(before=_facts(invitation))
    record(session, actor, "invitation.decline", invitation_id, facts)
    await session.commit()


async def accept(session: AsyncSession, user: User, invitation_id: UUID) -> OrganisationBody:
    """Make the user a member, as an invitation to their address says.

    Raises:
        NotFoundError: There is none with this id.
    """
    organisation_id = await session.scalar(
        select(Invitation.organisation_id).where(Invitation.id == invitation_id)
    )
    if organisation_id is None:
        raise NotFoundError(UNKNOWN)
    # In the order in which an organisation is deleted, too: nobody waits for who waits for them.
    await lock_members(session, organisation_id)
    invitation = await _take(session, invitation_id, Invitation.email == user.email)
    if await session.get(Membership, (organisation_id, user.id)) is None:
        session.add(
            Membership(
                organisation_id=organisation_id,
                user_id=user.id,
                role=invitation.role,
                joined_at=now(),
            )
        )
        change = Change(after={"role": invitation.role})
        record(session, Actor(user.id, organisation_id), "member.join", user.id, change)
    await session.commit()
    return await get_organisation(session, user.id, organisation_id)


async def _take(
    session: AsyncSession, invitation_id: UUID, which: ColumnElement[bool]
) -> Invitation:
    """Delete an open invitation and return it: of several who take it one gets it."""
    statement = (
        delete(Invitation)
        .where(Invitation.id == invitation_id, which, Invitation.expires_at > now())
        .returning(Invitation)
    )
    invitation: Invitation | None = await session.scalar(statement)
    if invitation is None:
        raise NotFoundError(UNKNOWN)
    return invitation


def _facts(invitation: Invitation) -> dict[str, str]:
    return {"email": invitation.email, "role": invitation.role}


def _views() -> AnySelect:
    return (
        select(Invitation, Organisation.name, User.display_name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .join(User, User.id == Invitation.invited_by)
    )


def _body(row: AnyRow) -> InvitationBody:
    invitation, organisation_name, inviter_name = row
    return InvitationBody(
        id=invitation.id,
        organisation=InvitingOrganisation(id=invitation.organisation_id, name=organisation_name),
        email=invitation.email,
        role=invitation.role,
        invited_by=UserBody(id=invitation.invited_by, display_name=inviter_name),
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )
