"""Following, blocking and muting. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.clock import now
from app.cursors import CursorParameters
from app.errors import NotFoundError
from app.inserts import insert_new
from app.lists import LIMIT, AnyRow, AnySelect, Listed, asked, older, split
from app.notifications.events import take_back, tell
from app.notifications.models import Event
from app.profiles.service import SUMMARY, get_user
from app.refusals import ConflictError
from app.relations.models import Kind, Relation
from app.timelines.cache import TimelineCache
from app.users.models import User
from app.visibility import visible_profile

ONESELF = "You cannot do this to yourself."


async def _other(session: AsyncSession, me: User, handle: str) -> User:
    other = await get_user(session, me.id, handle)
    if other.id == me.id:
        raise ConflictError(ONESELF)
    return other


async def _remove(session: AsyncSession, source_id: UUID, kind: Kind, target_id: UUID) -> bool:
    statement = (
        delete(Relation)
        .where(
            Relation.source_id == source_id,
            Relation.kind == kind,
            Relation.target_id == target_id,
        )
        .returning(Relation.target_id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def _add(session: AsyncSession, source_id: UUID, kind: Kind, target_id: UUID) -> bool:
    values = {"source_id": source_id, "kind": kind, "target_id": target_id, "created_at": now()}
    stored = await session.scalar(insert_new(session, Relation, returning="target_id"), values)
    return stored is not None


async def follow(session: AsyncSession, timelines: TimelineCache, me: User, handle: str) -> User:
    """Follow somebody, or ask to if they are private.

    Raises:
        NotFoundError: They do not exist for the user.
        ConflictError: It is the user.
    """
    other = await _other(session, me, handle)
    following = await session.get(Relation, (me.id, Kind.FOLLOW, other.id))
    if following is None:
        kind, event = (
            (Kind.REQUEST, Event.FOLLOW_REQUEST) if other.private else (Kind.FOLLOW, Event.FOLLOW)
        )
        if await _add(session, me.id, kind, other.id):
            tell(session, other.id, event, me.id)
        await _count_followers(session, timelines, other)
        await session.commit()
        await timelines.forget(me.id)
    return other


async def _count_followers(session: AsyncSession, timelines: TimelineCache, user: User) -> None:
    """Remember when somebody has got too many followers for fan-out."""
    if user.widely_followed:
        return
    some = (
        select(Relation.source_id)
        .where(Relation.target_id == user.id, Relation.kind == Kind.FOLLOW)
        # Counting stops there.
        .limit(timelines.fan_out_followers + 1)
        .subquery()
    )
    count = await session.scalar(select(func.count()).select_from(some))
    if count is not None and count > timelines.fan_out_followers:
        await session.execute(update(User).where(User.id == user.id).values(widely_followed=True))


async def unfollow(session: AsyncSession, timelines: TimelineCache, me: User, handle: str) -> None:
    """Stop following somebody, or take the request back.

    Raises:
        NotFoundError: They do not exist for the user.
    """
    other = await get_user(session, me.id, handle)
    for kind, event in ((Kind.FOLLOW, Event.FOLLOW), (Kind.REQUEST, Event.FOLLOW_REQUEST)):
        if await _remove(session, me.id, kind, other.id):
            await take_back(session, other.id, event, me.id)
    await session.commit()
    await timelines.forget(me.id)


async def block(session: AsyncSession, timelines: TimelineCache, me: User, handle: str) -> User:
    """Hide the user and somebody from each other, and end what was between them.

    Raises:
        NotFoundError: They do not exist for the user.
        ConflictError: It is the user.
    """
    other = await _other(session, me, handle)
    await _add(session, me.id, Kind.BLOCK, other.id)
    await session.execute(
        delete(Relation)
        .where(
            Relation.kind.in_([Kind.FOLLOW, Kind.REQUEST]),
            or_(
                and_(Relation.source_id == me.id, Relation.target_id == other.id),
                and_(Relation.source_id == other.id, Relation.target_id == me.id),
            ),
        )
        .execution_options(synchronize_session=False)
    )
    await session.commit()
    await timelines.forget(me.id, other.id)
    return other


async def unblock(session: AsyncSession, me: User, handle: str) -> None:
    """End a block.

    Raises:
        NotFoundError: They do not exist for the user, block or not.
    """
    await _undo_hiding(session, me, Kind.BLOCK, handle)


async def _undo_hiding(session: AsyncSession, me: User, kind: Kind, handle: str) -> User:
    """Remove a block or mute of the user's own; they may name whom they have hidden."""
    other: User | None = await session.scalar(
        select(User)
        .join(Relation, Relation.target_id == User.id)
        .where(
            User.handle == handle.lower(),
            Relation.source_id == me.id,
            Relation.kind == kind,
        )
    )
    if other is None:
        return await get_user(session, me.id, handle)
    await _remove(session, me.id, kind, other.id)
    await session.commit()
    return other


async def mute(session: AsyncSession, timelines: TimelineCache, me: User, handle: str) -> User:
    """Keep somebody out of the user's home timeline and notifications.

    Raises:
        NotFoundError: They do not exist for the user.
        ConflictError: It is the user.
    """
    other = await _other(session, me, handle)
    await _add(session, me.id, Kind.MUTE, other.id)
    await session.commit()
    await timelines.forget(me.id)
    return other


async def unmute(session: AsyncSession, timelines: TimelineCache, me: User, handle: str) -> None:
    """End a mute.

    Raises:
        NotFoundError: They do not exist for the user.
    """
    await _undo_hiding(session, me, Kind.MUTE, handle)
    await timelines.forget(me.id)


async def accept(session: AsyncSession, timelines: TimelineCache, me: User, handle: str) -> None:
    """Let somebody follow who has asked to.

    Raises:
        NotFoundError: They have not.
    """
    other = await get_user(session, me.id, handle)
    if not await _remove(session, other.id, Kind.REQUEST, me.id):
        raise NotFoundError("They have not asked to follow you.")
    await _add(session, other.id, Kind.FOLLOW, me.id)
    await take_back(session, me.id, Event.FOLLOW_REQUEST, other.id)
    await _count_followers(session, timelines, me)
    await session.commit()
    await timelines.forget(other.id)


async def refuse(session: AsyncSession, me: User, handle: str) -> None:
    """Throw a request to follow away.

    Raises:
        NotFoundError: There is none.
    """
    other = await get_user(session, me.id, handle)
    if not await _remove(session, other.id, Kind.REQUEST, me.id):
        raise NotFoundError("They have not asked to follow you.")
    await take_back(session, me.id, Event.FOLLOW_REQUEST, other.id)
    await session.commit()


async def accept_all(session: AsyncSession, timelines: TimelineCache, user: User) -> Sequence[UUID]:
    """Accept every request, in the caller's transaction, and return who follows now."""
    asking = (
        await session.scalars(
            select(Relation.source_id).where(
                Relation.target_id == user.id, Relation.kind == Kind.REQUEST
            )
        )
    ).all()
    for other_id in asking:
        await _remove(session, other_id, Kind.REQUEST, user.id)
        await _add(session, other_id, Kind.FOLLOW, user.id)
        await take_back(session, user.id, Event.FOLLOW_REQUEST, other_id)
    await _count_followers(session, timelines, user)
    return asking


@dataclass(frozen=True)
class Side:
    """One side of somebody's relations.

    Args:
        kind: Which relations.
        owner: The column with whose they are.
        owner_id: Whose they are.
        shown: The column with the others.
    """

    kind: Kind
    owner: InstrumentedAttribute[UUID]
    owner_id: UUID
    shown: InstrumentedAttribute[UUID]


def to_others(source_id: UUID, kind: Kind) -> Side:
    """Return those to whom somebody has a relation."""
    return Side(kind, Relation.source_id, source_id, Relation.target_id)


def from_others(target_id: UUID, kind: Kind) -> Side:
    """Return those who have a relation to somebody."""
    return Side(kind, Relation.target_id, target_id, Relation.source_id)


async def list_related(
    session: AsyncSession, viewer_id: UUID, side: Side, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the accounts at a side of relations which exist for the viewer, the newest first."""
    order = (Relation.created_at, side.shown)
    # Whom one has blocked is hidden from everything but the list of blocks.
    visible = User.suspended_at.is_(None) if side.kind is Kind.BLOCK else visible_profile()
    statement: AnySelect = (
        select(*SUMMARY, Relation.created_at, side.shown.label("id"))
        .join(User, User.id == side.shown)
        .where(
            side.owner == side.owner_id,
            Relation.kind == side.kind,
            visible,
            older(*order),
        )
        .order_by(*(column.desc() for column in order))
        .limit(LIMIT)
    )
    rows = (await session.execute(statement, {"viewer_id": viewer_id, **asked(page)})).all()
    return split(rows, page, lambda row: (row.created_at, row.id))
