"""What can be done with rooms. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.clock import now
from app.errors import NotFoundError
from app.folding import fold
from app.messages.models import Message
from app.refusals import ConflictError, ForbiddenError
from app.rooms.models import Invitation, Membership, Room
from app.rooms.schemas import NewRoom, RoomChanges, RoomQuery, SeenRoom
from app.users.models import User
from app.users.service import get_user

UNKNOWN_ROOM = "There is no room with this id."
NOT_DIRECT = "A direct conversation has exactly two people."


def seen_by(user_id: UUID) -> Select[Room, str | None, int | None, int, int, User | None]:
    """Return the query for rooms with what depends on the viewer: one query, however many rooms."""
    mine = aliased(Membership)
    others = aliased(Membership)
    members = select(func.count()).where(Membership.room_id == Room.id).scalar_subquery()
    unread = (
        select(func.count())
        .where(
            Message.room_id == Room.id,
            Message.seq > func.coalesce(mine.last_read_seq, 0),
            Message.author_id != user_id,
            Message.deleted_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        select(Room, mine.role, mine.last_read_seq, members, unread, User)
        .outerjoin(mine, and_(mine.room_id == Room.id, mine.user_id == user_id))
        .outerjoin(
            others,
            and_(
                Room.visibility == "direct",
                others.room_id == Room.id,
                others.user_id != user_id,
            ),
        )
        .outerjoin(User, User.id == others.user_id)
    )


def _visible_to(user_id: UUID) -> ColumnElement[bool]:
    """Public rooms, and those to which the user belongs or is invited."""
    return or_(
        Room.visibility == "public",
        select(Membership)
        .where(Membership.room_id == Room.id, Membership.user_id == user_id)
        .exists(),
        select(Invitation)
        .where(Invitation.room_id == Room.id, Invitation.user_id == user_id)
        .exists(),
    )


async def see_room(session: AsyncSession, user_id: UUID, room_id: UUID) -> SeenRoom:
    """Return a room as somebody sees it.

    Raises:
        NotFoundError: There is none, or they may not know of it.
    """
    statement = seen_by(user_id).where(Room.id == room_id, _visible_to(user_id))
    row = (await session.execute(statement.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise NotFoundError(UNKNOWN_ROOM)
    return SeenRoom._make(row)


async def list_rooms(
    session: AsyncSession, user_id: UUID, query: RoomQuery
) -> tuple[Sequence[SeenRoom], int]:
    """Return one page of rooms, and how many there are on all pages."""
    if query.scope == "public":
        matching: ColumnElement[bool] = Room.visibility == "public"
        order: list[ColumnElement[Any]] = [Room.search_text.asc(), Room.id.asc()]
    else:
        matching = (
            select(Membership)
            .where(Membership.room_id == Room.id, Membership.user_id == user_id)
            .exists()
        )
        order = [Room.active_at.desc(), Room.id.asc()]
    if query.q:
        matching = and_(matching, Room.search_text.contains(fold(query.q), autoescape=True))
    page = seen_by(user_id).where(matching).order_by(*order)
    rows = await session.execute(page.offset(query.offset).limit(query.page_size))
    rooms = [SeenRoom._make(row) for row in rows]
    if query.offset == 0 and len(rooms) < query.page_size:
        # Everything is on the first page: no need to ask for the number.
        return rooms, len(rooms)
    total = await session.scalar(select(func.count()).select_from(Room).where(matching))
    return rooms, total or 0


async def create_room(session: AsyncSession, user_id: UUID, new: NewRoom) -> SeenRoom:
    """Make a room whose only member and owner is the user."""
    room = Room(
        name=new.name,
        search_text=fold(new.name),
        topic=new.topic,
        visibility=new.visibility,
    )
    session.add(room)
    await session.flush()
    session.add(Membership(room_id=room.id, user_id=user_id, role="owner"))
    await session.commit()
    return SeenRoom(room, "owner", 0, 1, 0, None)


async def change_room(
    session: AsyncSession, user_id: UUID, room_id: UUID, changes: RoomChanges
) -> SeenRoom:
    """Change the given fields of a room and no others.

    Raises:
        NotFoundError: There is none, or the user may not know of it.
        ForbiddenError: The user is no owner.
    """
    require_owner(await see_room(session, user_id, room_id))
    values = changes.model_dump()
    if "name" in values:
        values["search_text"] = fold(values["name"])
    if values:
        await session.execute(update(Room).where(Room.id == room_id).values(**values))
        await session.commit()
    return await see_room(session, user_id, room_id)


async def delete_room(session: AsyncSession, user_id: UUID, room_id: UUID) -> None:
    """Delete a room with everything in it.

    Raises:
        NotFoundError: There is none, or the user may not know of it.
        ForbiddenError: The user is no owner.
    """
    require_owner(await see_room(session, user_id, room_id))
    await session.execute(delete(Room).where(Room.id == room_id))
    await session.commit()


def require_owner(seen: SeenRoom) -> None:
    """Make sure that the viewer is an owner.

    Raises:
        ForbiddenError: They are not; nobody owns a direct conversation.
    """
    if seen.role != "owner":
        raise ForbiddenError("Only an owner of the room may do this.")


def require_member(seen: SeenRoom) -> None:
    """Make sure that the viewer is a member.

    Raises:
        ForbiddenError: They are not.
    """
    if seen.role is None:
        raise ForbiddenError("Only members of the room may do this.")


async def open_direct_conversation(session: AsyncSession, user_id: UUID, username: str) -> SeenRoom:
    """Return the conversation of two people, made when they have none yet.

    Raises:
        NotFoundError: The other one does not exist.
        ConflictError: The other one is the same.
    """
    peer = await get_user(session, username)
    if peer.id == user_id:
        raise ConflictError("This is yourself.")
    pair = ":".join(sorted((str(user_id), str(peer.id))))
    room_id = await session.scalar(select(Room.id).where(Room.pair == pair))
    if room_id is None:
        room_id = await _make_direct_conversation(session, pair, user_id, peer.id)
    return await see_room(session, user_id, room_id)


async def _make_direct_conversation(
    session: AsyncSession, pair: str, user_id: UUID, peer_id: UUID
) -> UUID:
    room = Room(visibility="direct", pair=pair, active_at=now())
    session.add(room)
    try:
        await session.flush()
    except IntegrityError:
        # The other one asked at the same moment.
        await session.rollback()
        statement = select(Room.id).where(Room.pair == pair)
        room_id: UUID = (await session.scalars(statement)).one()
        return room_id
    session.add_all(
        Membership(room_id=room.id, user_id=each, role="member") for each in (user_id, peer_id)
    )
    await session.commit()
    return room.id
