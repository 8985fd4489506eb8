"""What can be done with organisations. Knows the database and nothing of HTTP."""

from uuid import UUID

from pydantic import MISSING
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.audit.service import Actor, Change, record
from app.clock import now
from app.columns import sort_key
from app.organisations.models import Membership, Organisation
from app.organisations.schemas import NewOrganisation, OrganisationBody, OrganisationChanges
from app.pages import PageParameters, fetch_rows
from app.rows import AnyRow, AnySelect


async def list_organisations(
    session: AsyncSession, user_id: UUID, parameters: PageParameters
) -> tuple[list[OrganisationBody], int]:
    """Return one page of the organisations of a user, by name, and how many there are."""
    statement = _views(user_id).order_by(Organisation.name_key, Organisation.id)
    rows, total = await fetch_rows(session, statement, parameters)
    return [_body(row) for row in rows], total


async def get_organisation(
    session: AsyncSession, user_id: UUID, organisation_id: UUID
) -> OrganisationBody:
    """Return an organisation that the user is in."""
    statement = _views(user_id).where(Organisation.id == organisation_id)
    return _body((await session.execute(statement)).one())


async def create_organisation(
    session: AsyncSession, user_id: UUID, new: NewOrganisation
) -> OrganisationBody:
    """Make an organisation with its first owner."""
    moment = now()
    organisation = Organisation(
        name=new.name,
        name_key=sort_key(new.name),
        created_at=moment,
        members_changed_at=moment,
    )
    session.add(organisation)
    await session.flush()
    session.add(
        Membership(organisation_id=organisation.id, user_id=user_id, role="owner", joined_at=moment)
    )
    actor = Actor(user_id, organisation.id)
    record(session, actor, "organisation.create", organisation.id, Change(after={"name": new.name}))
    await session.commit()
    return await get_organisation(session, user_id, organisation.id)


async def change_organisation(
    session: AsyncSession, access: Access, changes: OrganisationChanges
) -> OrganisationBody:
    """Change an organisation."""
    if changes.name is not MISSING:
        organisation = await session.get_one(Organisation, access.organisation_id)
        before, organisation.name = organisation.name, changes.name
        organisation.name_key = sort_key(changes.name)
        change = Change({"name": before}, {"name": changes.name})
        record(session, access, "organisation.change", access.organisation_id, change)
        await session.commit()
    return await get_organisation(session, access.user_id, access.organisation_id)


async def delete_organisation(session: AsyncSession, access: Access) -> None:
    """Delete an organisation with everything in it but its audit log."""
    organisation = await session.get_one(Organisation, access.organisation_id)
    change = Change(before={"name": organisation.name})
    record(session, access, "organisation.delete", access.organisation_id, change)
    await session.execute(delete(Organisation).where(Organisation.id == access.organisation_id))
    await session.commit()


async def lock_members(session: AsyncSession, organisation_id: UUID) -> None:
    """Let nobody else change who is in an organisation until the end of the transaction."""
    await session.execute(
        update(Organisation)
        .where(Organisation.id == organisation_id)
        .values(members_changed_at=now())
        .execution_options(synchronize_session=False)
    )


def _views(user_id: UUID) -> AnySelect:
    members = (
        select(func.count())
        .where(Membership.organisation_id == Organisation.id)
        .correlate(Organisation)
        .scalar_subquery()
    )
    own = Membership.__table__.alias("own")
    return (
        select(Organisation, own.c.role, members)
        .join(own, own.c.organisation_id == Organisation.id)
        .where(own.c.user_id == user_id)
    )


def _body(row: AnyRow) -> OrganisationBody:
    organisation, role, member_count = row
    return OrganisationBody(
        id=organisation.id,
        name=organisation.name,
        role=role,
        member_count=member_count,
        created_at=organisation.created_at,
    )
