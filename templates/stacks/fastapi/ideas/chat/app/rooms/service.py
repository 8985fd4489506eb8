"""What can be done with rooms. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.database import Base
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


# The statements that every request for rooms needs are made once, and of tables: objects of the
# models would only be made to be read. What depends on the viewer comes with the rooms: one query,
# however many there are.
ROOMS, MEMBERSHIPS, INVITATIONS, MESSAGES, USERS = (
    Base.metadata.tables[each.__tablename__]
    for each in (Room, Membership, Invitation, Message, User)
)
MINE, OTHERS = MEMBERSHIPS.alias("mine"), MEMBERSHIPS.alias("others")
VIEWER_ID: BindParameter[UUID] = bindparam("viewer_id")
MEMBER_COUNT = (
    select(func.count())
    .select_from(MEMBERSHIPS)
    .where(MEMBERSHIPS.c.room_id == ROOMS.c.id)
    .scalar_subquery()
)
UNREAD_COUNT = (
    select(func.count())
    .select_from(MESSAGES)
    .where(
        MESSAGES.c.room_id == ROOMS.c.id,
        MESSAGES.c.seq > func.coalesce(MINE.c.last_read_seq, 0),
        MESSAGES.c.author_id != VIEWER_ID,
        MESSAGES.c.deleted_at.is_(None),
    )
    .scalar_subquery()
)
# In the order of SeenRoom.
SEEN = (
    select(
        ROOMS.c.id,
        ROOMS.c.name,
        ROOMS.c.topic,
        ROOMS.c.visibility,
        ROOMS.c.last_seq,
        ROOMS.c.created_at,
        MINE.c.role,
        MINE.c.last_read_seq,
        MEMBER_COUNT,
        UNREAD_COUNT,
        USERS.c.id,
        USERS.c.username,
        USERS.c.display_name,
        USERS.c.created_at,
    )
    .select_from(ROOMS)
    .outerjoin(MINE, and_(MINE.c.room_id == ROOMS.c.id, MINE.c.user_id == VIEWER_ID))
    .outerjoin(
        OTHERS,
        and_(
            ROOMS.c.visibility == "direct",
            OTHERS.c.room_id == ROOMS.c.id,
            OTHERS.c.user_id != VIEWER_ID,
        ),
    )
    .outerjoin(USERS, USERS.c.id == OTHERS.c.user_id)
)
IS_PUBLIC = ROOMS.c.visibility == "public"
IS_MEMBER = MINE.c.user_id.is_not(None)
IS_INVITED = exists().where(INVITATIONS.c.room_id == ROOMS.c.id, INVITATIONS.c.user_id == VIEWER_ID)
BY_ID = SEEN.where(ROOMS.c.id == bindparam("room_id"), or_(IS_PUBLIC, IS_MEMBER, IS_INVITED))
PAGES = SEEN.limit(bindparam("limit")).offset(bindparam("offset"))
COUNT = select(func.count()).select_from(ROOMS)
# The rooms of each scope in their order, and their number.
SCOPES = {
    "joined": (
        PAGES.where(IS_MEMBER).order_by(ROOMS.c.active_at.desc(), ROOMS.c.id),
        COUNT.join(MINE, MINE.c.room_id == ROOMS.c.id).where(MINE.c.user_id == VIEWER_ID),
    ),
    "public": (
        PAGES.where(IS_PUBLIC).order_by(ROOMS.c.search_text, ROOMS.c.id),
        COUNT.where(IS_PUBLIC),
    ),
}
INSERT_ROOM, INSERT_MEMBERSHIP = insert(ROOMS), insert(MEMBERSHIPS)


async def see_room(session: AsyncSession, user_id: UUID, room_id: UUID) -> SeenRoom:
    """Return a room as somebody sees it.

    Raises:
        NotFoundError: There is none, or they may not know of it.
    """
    parameters = {"viewer_id": user_id, "room_id": room_id}
    row = (await session.execute(BY_ID, parameters)).one_or_none()
    if row is None:
        raise NotFoundError(UNKNOWN_ROOM)
    return SeenRoom._make(row)


async def list_rooms(
    session: AsyncSession, user_id: UUID, query: RoomQuery
) -> tuple[Sequence[SeenRoom], int]:
    """Return one page of rooms, and how many there are on all pages."""
    page, count = SCOPES[query.scope]
    if query.q:
        found = ROOMS.c.search_text.contains(fold(query.q), autoescape=True)
        page, count = page.where(found), count.where(found)
    viewer = {"viewer_id": user_id}
    rows = await session.execute(page, viewer | {"limit": query.page_size, "offset": query.offset})
    rooms = [SeenRoom._make(row) for row in rows]
    if query.offset == 0 and len(rooms) < query.page_size:
        # Everything is on the first page: no need to ask for the number.
        return rooms, len(rooms)
    return rooms, await session.scalar(count, viewer) or 0


async def create_room(session: AsyncSession, user_id: UUID, new: NewRoom) -> SeenRoom:
    """Make a room whose only member and owner is the user."""
    room_id, moment = uuid4(), now()
    fields = new.model_dump()
    room = {"id": room_id, **fields, "search_text": fold(new.name), "created_at": moment}
    # One row needs none of what session.add() prepares, and that takes longer than the INSERT.
    await session.execute(INSERT_ROOM, room | {"active_at": moment})
    owner = {"room_id": room_id, "user_id": user_id, "role": "owner"}
    await session.execute(INSERT_MEMBERSHIP, owner)
    await session.commit()
    return SeenRoom(
        **fields,
        id=room_id,
        last_seq=0,
        created_at=moment,
        role="owner",
        last_read_seq=0,
        member_count=1,
        unread_count=0,
    )


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
