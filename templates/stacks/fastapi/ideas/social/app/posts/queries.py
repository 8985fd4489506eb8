"""Posts as somebody sees them: one query for any list, whatever picks its posts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Uuid,
    bindparam,
    cast,
    exists,
    func,
    null,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.lists import AnyColumn, AnyRow, AnySelect
from app.posts.models import Bookmark, Entry, EntryKind, Like, Post
from app.users.models import User
from app.visibility import VIEWER, visible_post, visible_profile


def picked(
    at: AnyColumn = Post.created_at,
    key: AnyColumn = Post.id,
    reposter: AnyColumn | None = None,
) -> AnySelect:
    """Begin a query which picks posts; their author is joined as `User`.

    Args:
        at: The moment that orders the list.
        key: The id that decides between things of one moment.
        reposter: Who has reposted the post.
    """
    return (
        select(
            Post.id.label("post_id"),
            at.label("at"),
            key.label("key"),
            (cast(null(), Uuid) if reposter is None else reposter).label("reposter_id"),
        )
        .select_from(Post)
        .join(User, User.id == Post.author_id)
    )


def shown(picks: AnySelect, *, newest_first: bool = True) -> AnySelect:
    """Return the query for picked posts as the viewer sees them, in the order of the picks.

    The database first picks and then counts, so it counts for the posts of one page only.
    """
    chosen = picks.subquery("picked")
    reposter = aliased(User)
    order = (chosen.c.at, chosen.c.key)
    return (
        select(
            chosen.c.at,
            chosen.c.key,
            Post.id,
            Post.text,
            Post.hashtags,
            Post.mentions,
            Post.media,
            Post.is_reply,
            Post.created_at,
            Post.edited_at,
            User.handle,
            User.display_name,
            User.avatar_file,
            User.private,
            reposter.handle.label("reposter_handle"),
            reposter.display_name.label("reposter_name"),
            reposter.avatar_file.label("reposter_avatar"),
            reposter.private.label("reposter_private"),
            _parent().label("reply_to_id"),
            _replies().label("reply_count"),
            _reposts().label("repost_count"),
            _likes().label("like_count"),
            _has(Like.user_id == VIEWER, Like.post_id == Post.id).label("liked"),
            _has(
                Entry.actor_id == VIEWER,
                Entry.post_id == Post.id,
                Entry.kind == EntryKind.REPOST,
            ).label("reposted"),
            _has(Bookmark.user_id == VIEWER, Bookmark.post_id == Post.id).label("bookmarked"),
        )
        .select_from(chosen)
        .join(Post, Post.id == chosen.c.post_id)
        .join(User, User.id == Post.author_id)
        .outerjoin(reposter, reposter.id == chosen.c.reposter_id)
        .order_by(*(column.desc() if newest_first else column for column in order))
    )


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(*conditions).correlate(Post)


def _parent() -> ScalarSelect[UUID]:
    """Return the id of what a post replies to, if the viewer may see it."""
    parent, author = aliased(Post), aliased(User)
    return (
        select(parent.id)
        .join(author, author.id == parent.author_id)
        .where(parent.id == Post.reply_to_id, visible_post(parent, author))
        .correlate(Post)
        .scalar_subquery()
    )


def _replies() -> ScalarSelect[int]:
    """Count the replies that the viewer may see."""
    reply, author = aliased(Post), aliased(User)
    return (
        select(func.count())
        .select_from(reply)
        .join(author, author.id == reply.author_id)
        .where(reply.reply_to_id == Post.id, visible_post(reply, author))
        .correlate(Post)
        .scalar_subquery()
    )


def _reposts() -> ScalarSelect[int]:
    """Count the reposts by those who exist for the viewer."""
    repost, actor = aliased(Entry), aliased(User)
    return (
        select(func.count())
        .select_from(repost)
        .join(actor, actor.id == repost.actor_id)
        .where(
            repost.post_id == Post.id,
            repost.kind == EntryKind.REPOST,
            visible_profile(actor),
        )
        .correlate(Post)
        .scalar_subquery()
    )


def _likes() -> ScalarSelect[int]:
    """Count the likes by those who exist for the viewer."""
    like, actor = aliased(Like), aliased(User)
    return (
        select(func.count())
        .select_from(like)
        .join(actor, actor.id == like.user_id)
        .where(like.post_id == Post.id, visible_profile(actor))
        .correlate(Post)
        .scalar_subquery()
    )


VISIBLE = picked().where(visible_post())
BY_ID = shown(VISIBLE.where(Post.id == bindparam("post_id")))
BY_IDS = shown(VISIBLE.where(Post.id.in_(bindparam("post_ids", expanding=True))))


async def fetch_post(session: AsyncSession, viewer_id: UUID, post_id: UUID) -> AnyRow | None:
    """Return a post, if the viewer may see it."""
    found = await session.execute(BY_ID, {"viewer_id": viewer_id, "post_id": post_id})
    return found.one_or_none()


async def fetch_posts(
    session: AsyncSession, viewer_id: UUID, post_ids: Sequence[UUID]
) -> dict[UUID, AnyRow]:
    """Return those of some posts that the viewer may see, by their ids."""
    if not post_ids:
        return {}
    rows = await session.execute(BY_IDS, {"viewer_id": viewer_id, "post_ids": post_ids})
    return {row.id: row for row in rows}
