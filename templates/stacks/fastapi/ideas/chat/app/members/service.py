"""Who is in a room, and as what. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from app.errors import NotFoundError
from app.pages import PageParameters, fetch_page
from app.refusals import ConflictError, ForbiddenError
from app.rooms.models import Invitation, Membership, Room
from app.rooms.schemas import SeenRoom
from app.rooms.service import (
    NOT_DIRECT,
    UNKNOWN_ROOM,
    require_member,
    require_owner,
    see_room,
)
from app.users.models import User
from app.users.service import get_user

UNKNOWN_MEMBER = "The room has no such member."
UNKNOWN_INVITATION = "There is no such invitation."


async def _lock(session: AsyncSession, room_id: UUID) -> None:
    """Let nobody else change who is in the room before this transaction ends.

    A write, and not SELECT ... FOR UPDATE: that locks the row in PostgreSQL, and nothing in SQLite.
    """
    await session.execute(
        update(Room)
        .where(Room.id == room_id)
        .values(last_seq=Room.last_seq)
        .execution_options(synchronize_session=False)
    )


async def join(session: AsyncSession, user_id: UUID, room_id: UUID) -> SeenRoom:
    """Make somebody a member; an invitation is used up.

    Raises:
        NotFoundError: There is no such room for them.
    """
    seen = await see_room(session, user_id, room_id)
    if seen.role is None:
        await session.execute(
            delete(Invitation).where(Invitation.room_id == room_id, Invitation.user_id == user_id)
        )
        session.add(Membership(room_id=room_id, user_id=user_id, role="member"))
        try:
            await session.commit()
        except IntegrityError:
            # They have just joined on another connection, or the room is gone.
            await session.rollback()
    return await see_room(session, user_id, room_id)


async def leave(session: AsyncSession, user_id: UUID, room_id: UUID) -> bool:
    """End a membership, and return whether the room is left empty and so deleted.

    Raises:
        NotFoundError: The user is no member.
        ForbiddenError: It is a direct conversation.
    """
    seen = await see_room(session, user_id, room_id)
    if seen.role is None:
        raise NotFoundError(UNKNOWN_MEMBER)
    if seen.visibility == "direct":
        raise ForbiddenError(NOT_DIRECT)
    await _lock(session, room_id)
    await session.execute(
        delete(Membership).where(Membership.room_id == room_id, Membership.user_id == user_id)
    )
    rest = (await session.scalars(_by_standing(room_id))).all()
    if not rest:
        await session.execute(delete(Room).where(Room.id == room_id))
    elif all(member.role != "owner" for member in rest):
        rest[0].role = "owner"
    await session.commit()
    return not rest


def _by_standing(room_id: UUID) -> Select[Membership]:
    statement = select(Membership).where(Membership.room_id == room_id)
    return statement.order_by(Membership.joined_at, Membership.user_id)


async def list_members(
    session: AsyncSession, user_id: UUID, room_id: UUID, parameters: PageParameters
) -> tuple[Sequence[Membership], int]:
    """Return one page of members, and how many there are.

    Raises:
        NotFoundError: There is no such room for the user.
    """
    seen = await see_room(session, user_id, room_id)
    if seen.role is None and seen.visibility != "public":
        raise NotFoundError(UNKNOWN_ROOM)
    statement = (
        select(Membership)
        .join(Membership.user)
        .where(Membership.room_id == room_id)
        .order_by(case((Membership.role == "owner", 0), else_=1), User.username)
        .options(joinedload(Membership.user))
    )
    return await fetch_page(session, statement, parameters)


async def _member(session: AsyncSession, room_id: UUID, user_id: UUID) -> Membership:
    member: Membership | None = await session.scalar(
        select(Membership)
        .where(Membership.room_id == room_id, Membership.user_id == user_id)
        .options(joinedload(Membership.user))
    )
    if member is None:
        raise NotFoundError(UNKNOWN_MEMBER)
    return member


async def change_role(
    session: AsyncSession, owner_id: UUID, room_id: UUID, user_id: UUID, role: str
) -> Membership:
    """Make a member an owner, or an owner a member.

    Raises:
        NotFoundError: There is no such room or member.
        ForbiddenError: Whoever asks is no owner.
        ConflictError: It is the last owner.
    """
    require_owner(await see_room(session, owner_id, room_id))
    await _lock(session, room_id)
    member = await _member(session, room_id, user_id)
    if member.role == "owner" and role != "owner":
        owners = select(func.count()).where(
            Membership.room_id == room_id, Membership.role == "owner"
        )
        if await session.scalar(owners) == 1:
            raise ConflictError("A room needs an owner.")
    member.role = role
    await session.commit()
    return member


async def kick(session: AsyncSession, owner_id: UUID, room_id: UUID, user_id: UUID) -> None:
    """Remove another member.

    Raises:
        NotFoundError: There is no such room or member.
        ForbiddenError: Whoever asks is no owner.
        ConflictError: Owners leave, they do not remove themselves.
    """
    require_owner(await see_room(session, owner_id, room_id))
    if user_id == owner_id:
        raise ConflictError("Leave the room instead.")
    member = await _member(session, room_id, user_id)
    await session.delete(member)
    await session.commit()


async def invite(session: AsyncSession, user_id: UUID, room_id: UUID, username: str) -> Invitation:
    """Invite somebody.

    Raises:
        NotFoundError: There is no such room or user.
        ForbiddenError: Whoever asks is no member, or it is a direct conversation.
        ConflictError: They are a member already.
    """
    seen = await see_room(session, user_id, room_id)
    require_member(seen)
    if seen.visibility == "direct":
        raise ForbiddenError(NOT_DIRECT)
    guest = await get_user(session, username)
    if await session.get(Membership, (room_id, guest.id)):
        raise ConflictError("This user is a member already.")
    if not await session.get(Invitation, (room_id, guest.id)):
        session.add(Invitation(room_id=room_id, user_id=guest.id, invited_by_id=user_id))
        try:
            await session.commit()
        except IntegrityError:
            # Another member has just invited them.
            await session.rollback()
    statement = _invitations().where(Invitation.room_id == room_id, Invitation.user_id == guest.id)
    invitation: Invitation | None = await session.scalar(statement)
    if invitation is None:
        raise NotFoundError(UNKNOWN_ROOM)
    return invitation


def _invitations() -> Select[Invitation]:
    return select(Invitation).options(
        joinedload(Invitation.room),
        joinedload(Invitation.user),
        joinedload(Invitation.invited_by),
    )


async def list_invitations(
    session: AsyncSession, user_id: UUID, parameters: PageParameters
) -> tuple[Sequence[Invitation], int]:
    """Return one page of somebody's invitations, and how many there are."""
    statement = (
        _invitations()
        .where(Invitation.user_id == user_id)
        .order_by(Invitation.created_at.desc(), Invitation.room_id)
    )
    return await fetch_page(session, statement, parameters)


async def decline(session: AsyncSession, user_id: UUID, room_id: UUID) -> None:
    """Throw an invitation away.

    Raises:
        NotFoundError: There is none.
    """
    statement = (
        delete(Invitation)
        .where(Invitation.room_id == room_id, Invitation.user_id == user_id)
        .returning(Invitation.room_id)
    )
    if await session.scalar(statement) is None:
        raise NotFoundError(UNKNOWN_INVITATION)
    await session.commit()
