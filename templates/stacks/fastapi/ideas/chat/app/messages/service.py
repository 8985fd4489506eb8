"""What can be done with messages. Knows the database and nothing of HTTP or WebSockets."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.dml import ReturningUpdate

from app.clock import now
from app.errors import NotFoundError
from app.folding import fold
from app.messages.models import Message
from app.messages.schemas import HistoryQuery, SearchQuery
from app.refusals import ForbiddenError
from app.rooms.models import Membership, Room
from app.rooms.schemas import SeenRoom
from app.rooms.service import UNKNOWN_ROOM, require_member, see_room

UNKNOWN_MESSAGE = "There is no message with this id."


def _messages() -> Select[Message]:
    return select(Message).options(joinedload(Message.author))


async def rooms_of(session: AsyncSession, user_id: UUID) -> Sequence[UUID]:
    """Return the rooms that somebody is a member of."""
    statement = select(Membership.room_id).where(Membership.user_id == user_id)
    return (await session.scalars(statement)).all()


async def last_seq(session: AsyncSession, user_id: UUID, room_id: UUID) -> int:
    """Return the number of a room's newest message, 0 without any.

    Raises:
        NotFoundError: The user is no member, so for the live side there is no such room.
    """
    found = await last_seqs(session, [user_id], Room.id == room_id)
    if not found:
        raise NotFoundError(UNKNOWN_ROOM)
    return found[user_id, room_id]


async def last_seqs(
    session: AsyncSession, user_ids: Iterable[UUID], *conditions: ColumnElement[bool]
) -> dict[tuple[UUID, UUID], int]:
    """Return the numbers of the newest messages, by user and room, in the rooms of some users."""
    statement = (
        select(Membership.user_id, Membership.room_id, Room.last_seq)
        .join(Room, Room.id == Membership.room_id)
        .where(Membership.user_id.in_(user_ids), *conditions)
    )
    rows = await session.execute(statement)
    return {(user_id, room_id): seq for user_id, room_id, seq in rows}


async def send(
    session: AsyncSession, user_id: UUID, room_id: UUID, client_id: str, text: str
) -> Message:
    """Store a message, and return it; one that was stored before is returned as it is now.

    Raising the room's number locks the room's row until the message is stored: whoever comes next
    waits, so numbers have no gaps, and no message appears before one with a lower number.

    Raises:
        NotFoundError: The user is no member of the room.
    """
    is_member = select(Membership).where(
        Membership.room_id == Room.id, Membership.user_id == user_id
    )
    raised = (
        update(Room)
        .where(Room.id == room_id, is_member.exists())
        .values(last_seq=Room.last_seq + 1, active_at=now())
        .returning(Room.last_seq)
        .execution_options(synchronize_session=False)
    )
    seq = await session.scalar(raised)
    if seq is None:
        raise NotFoundError(UNKNOWN_ROOM)
    same = _messages().where(
        Message.room_id == room_id,
        Message.author_id == user_id,
        Message.client_id == client_id,
    )
    # Behind the lock: the same message sent twice at once is seen here by the second one.
    known: Message | None = await session.scalar(same)
    if known:
        # Gives the number back.
        await session.rollback()
        return (await session.scalars(same)).one()
    session.add(
        Message(
            room_id=room_id,
            seq=seq,
            author_id=user_id,
            client_id=client_id,
            text=text,
            search_text=fold(text),
        )
    )
    await session.flush()
    message = (await session.scalars(same)).one()
    await session.commit()
    return message


async def edit(session: AsyncSession, user_id: UUID, message_id: UUID, text: str) -> Message:
    """Change the text of an own message.

    Raises:
        NotFoundError: There is no such message for the user, or it was deleted.
        ForbiddenError: It is somebody else's.
    """
    message = await _message(session, user_id, message_id)
    if message.author_id != user_id:
        raise ForbiddenError("Only its author changes a message.")
    changed = (
        update(Message)
        .where(Message.id == message_id, Message.deleted_at.is_(None))
        .values(text=text, search_text=fold(text), edited_at=now())
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return await _changed(session, message_id, changed)


async def delete(session: AsyncSession, user_id: UUID, message_id: UUID) -> Message:
    """Delete an own message, or as an owner any of the room; its number stays.

    Raises:
        NotFoundError: There is no such message for the user, or it was deleted.
        ForbiddenError: It is somebody else's, and the user is no owner.
    """
    message = await _message(session, user_id, message_id)
    if message.author_id != user_id:
        membership = await session.get(Membership, (message.room_id, user_id))
        if membership is None or membership.role != "owner":
            raise ForbiddenError("Only its author or an owner deletes a message.")
    changed = (
        update(Message)
        .where(Message.id == message_id, Message.deleted_at.is_(None))
        .values(text=None, search_text=None, deleted_at=now())
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return await _changed(session, message_id, changed)


async def _message(session: AsyncSession, user_id: UUID, message_id: UUID) -> Message:
    statement = _messages().join(
        Membership, (Membership.room_id == Message.room_id) & (Membership.user_id == user_id)
    )
    message: Message | None = await session.scalar(statement.where(Message.id == message_id))
    if message is None or message.deleted_at is not None:
        raise NotFoundError(UNKNOWN_MESSAGE)
    return message


async def _changed(
    session: AsyncSession, message_id: UUID, statement: ReturningUpdate[UUID]
) -> Message:
    if await session.scalar(statement) is None:
        raise NotFoundError(UNKNOWN_MESSAGE)
    fresh = _messages().where(Message.id == message_id)
    message = (await session.scalars(fresh.execution_options(populate_existing=True))).one()
    await session.commit()
    return message


async def read_after(
    session: AsyncSession, room_id: UUID, after: int, limit: int, before: int | None = None
) -> Sequence[Message]:
    """Return the messages that follow a number, in their order, and none from another one on."""
    statement = _messages().where(Message.room_id == room_id, Message.seq > after)
    if before is not None:
        statement = statement.where(Message.seq < before)
    return (await session.scalars(statement.order_by(Message.seq).limit(limit))).all()


async def read_history(
    session: AsyncSession, user_id: UUID, room_id: UUID, query: HistoryQuery
) -> tuple[Sequence[Message], bool]:
    """Return part of a room's history, the oldest first, and whether there is more.

    Raises:
        NotFoundError: There is no such room for the user.
        ForbiddenError: The user is no member.
    """
    require_member(await see_room(session, user_id, room_id))
    if query.after is not None:
        found = await read_after(session, room_id, query.after, query.limit + 1, query.before)
        return found[: query.limit], len(found) > query.limit
    found = await _read_before(session, _messages(), room_id, query.before, query.limit)
    return found[: query.limit][::-1], len(found) > query.limit


async def search(
    session: AsyncSession, user_id: UUID, room_id: UUID, query: SearchQuery
) -> tuple[Sequence[Message], bool]:
    """Return messages that contain a text, the newest first, and whether there are more.

    Raises:
        NotFoundError: There is no such room for the user.
        ForbiddenError: The user is no member.
    """
    require_member(await see_room(session, user_id, room_id))
    matching = _messages().where(Message.search_text.contains(fold(query.q), autoescape=True))
    found = await _read_before(session, matching, room_id, query.before, query.limit)
    return found[: query.limit], len(found) > query.limit


async def _read_before(
    session: AsyncSession,
    matching: Select[Message],
    room_id: UUID,
    before: int | None,
    limit: int,
) -> Sequence[Message]:
    """Return one more than the limit, the newest first, so that it shows whether there is more."""
    statement = matching.where(Message.room_id == room_id)
    if before is not None:
        statement = statement.where(Message.seq < before)
    return (await session.scalars(statement.order_by(Message.seq.desc()).limit(limit + 1))).all()


async def mark_read(session: AsyncSession, user_id: UUID, room_id: UUID, seq: int) -> int:
    """Remember how far somebody has read, and return it; it never goes back.

    Raises:
        NotFoundError: They are no member.
    """
    newest = select(Room.last_seq).where(Room.id == room_id).scalar_subquery()
    # Nobody has read further than the newest message.
    reached = case((newest < seq, newest), else_=seq)
    here = (Membership.room_id == room_id, Membership.user_id == user_id)
    await session.execute(
        update(Membership)
        .where(*here, Membership.last_read_seq < seq)
        .values(last_read_seq=reached)
        .execution_options(synchronize_session=False)
    )
    read = await session.scalar(select(Membership.last_read_seq).where(*here))
    if read is None:
        raise NotFoundError(UNKNOWN_ROOM)
    await session.commit()
    return read


async def mark_read_as_seen(
    session: AsyncSession, user_id: UUID, room_id: UUID, seq: int
) -> SeenRoom:
    """Remember how far somebody has read, and return the room as they see it now.

    Raises:
        NotFoundError: There is no such room for the user.
        ForbiddenError: The user is no member.
    """
    require_member(await see_room(session, user_id, room_id))
    await mark_read(session, user_id, room_id, seq)
    return await see_room(session, user_id, room_id)


async def count_unread(session: AsyncSession, user_id: UUID) -> Sequence[tuple[UUID, int]]:
    """Return each room with messages that somebody has not seen, and how many."""
    statement = (
        select(Message.room_id, func.count())
        .join(
            Membership,
            (Membership.room_id == Message.room_id) & (Membership.user_id == user_id),
        )
        .where(
            Message.seq > Membership.last_read_seq,
            Message.author_id != user_id,
            Message.deleted_at.is_(None),
        )
        .group_by(Message.room_id)
        .order_by(Message.room_id)
    )
    return [(room_id, count) for room_id, count in await session.execute(statement)]
