"""Reading notifications. Knows the database and nothing of HTTP."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.clock import now
from app.cursors import CursorParameters
from app.lists import LIMIT, AnyColumn, AnyRow, AnySelect, Listed, asked, older, split
from app.notifications.models import Notification
from app.notifications.schemas import MAX_ACTORS, NotificationBody
from app.posts.models import Post
from app.posts.queries import fetch_posts
from app.posts.schemas import PostBody
from app.profiles.schemas import ProfileSummary
from app.profiles.service import SUMMARY
from app.users.models import User
from app.visibility import VIEWER, is_muted, visible_post, visible_profile


def _visible(*columns: AnyColumn) -> AnySelect:
    """Begin a query of the notifications that somebody may see; who did it is joined as `User`."""
    author = aliased(User)
    statement: AnySelect = (
        select(*columns)
        .select_from(Notification)
        .join(User, User.id == Notification.actor_id)
        .outerjoin(Post, Post.id == Notification.post_id)
        .outerjoin(author, author.id == Post.author_id)
        .where(
            Notification.user_id == VIEWER,
            visible_profile(),
            ~is_muted(User.id),
            or_(Notification.post_id.is_(None), visible_post(author=author)),
        )
    )
    return statement


async def list_notifications(
    session: AsyncSession, viewer_id: UUID, page: CursorParameters
) -> Listed[NotificationBody]:
    """Return what happened to somebody in groups, the newest first."""
    newest = func.max(Notification.created_at)
    statement = (
        _visible(
            Notification.group_id,
            newest.label("at"),
            func.count().label("actor_count"),
            func.max(case((Notification.read_at.is_(None), 1), else_=0)).label("unread"),
        )
        .group_by(Notification.group_id)
        .having(older(newest, Notification.group_id))
        .order_by(newest.desc(), Notification.group_id.desc())
        .limit(LIMIT)
    )
    rows = (await session.execute(statement, {"viewer_id": viewer_id, **asked(page)})).all()
    groups, following = split(rows, page, lambda row: (row.at, row.group_id))
    latest = await _latest(session, viewer_id, [group.group_id for group in groups])
    post_ids = [members[0].post_id for members in latest.values() if members[0].post_id]
    posts = await fetch_posts(session, viewer_id, post_ids)
    return [_body(group, latest[group.group_id], posts) for group in groups], following


async def _latest(
    session: AsyncSession, viewer_id: UUID, group_ids: Sequence[UUID]
) -> dict[UUID, list[AnyRow]]:
    """Return the newest members of groups, by their groups."""
    ranked = (
        _visible(
            Notification.id,
            Notification.group_id,
            Notification.kind,
            Notification.post_id,
            *SUMMARY,
            func.row_number()
            .over(
                partition_by=Notification.group_id,
                order_by=(Notification.created_at.desc(), Notification.id.desc()),
            )
            .label("rank"),
        )
        .where(Notification.group_id.in_(group_ids))
        .subquery()
    )
    statement = select(ranked).where(ranked.c.rank <= MAX_ACTORS).order_by(ranked.c.rank)
    members = defaultdict(list)
    for row in await session.execute(statement, {"viewer_id": viewer_id}):
        members[row.group_id].append(row)
    return members


def _body(group: AnyRow, members: Sequence[AnyRow], posts: dict[UUID, AnyRow]) -> NotificationBody:
    first = members[0]
    return NotificationBody(
        id=first.id,
        kind=first.kind,
        actors=[ProfileSummary.of(member) for member in members],
        actor_count=group.actor_count,
        post=PostBody.of(posts[first.post_id]) if first.post_id else None,
        read=not group.unread,
        created_at=group.at,
    )


async def count_unread(session: AsyncSession, viewer_id: UUID) -> int:
    """Count the groups in which something is unread."""
    groups = func.count(Notification.group_id.distinct())
    statement = _visible(groups).where(Notification.read_at.is_(None))
    return await session.scalar(statement, {"viewer_id": viewer_id}) or 0


async def read_all(session: AsyncSession, viewer_id: UUID) -> None:
    """Mark everything up to now as read."""
    moment = now()
    await session.execute(
        update(Notification)
        .where(
            Notification.user_id == viewer_id,
            Notification.read_at.is_(None),
            Notification.created_at <= moment,
        )
        .values(read_at=moment)
        .execution_options(synchronize_session=False)
    )
    await session.commit()
