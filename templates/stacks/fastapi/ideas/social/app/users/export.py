"""Everything about an account, in one document."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.lists import AnySelect
from app.media.models import Media
from app.media.schemas import described
from app.moderation.models import Report
from app.notifications.models import Notification
from app.oidc.models import Identity
from app.posts.models import Bookmark, Entry, EntryKind, Like, Post, PostVersion
from app.refresh_tokens import list_sessions
from app.relations.models import Kind, Relation
from app.users.models import User
from app.users.schemas import ExportBody
from app.users.service import describe


async def export(session: AsyncSession, user: User) -> ExportBody:
    """Return everything that is kept about somebody."""
    mine = user.id
    return ExportBody(
        profile=await describe(session, user),
        posts=await _posts(session, mine),
        media=[
            {**described(media), "createdAt": media.created_at}
            for media in await session.scalars(
                select(Media).where(Media.user_id == mine).order_by(Media.created_at)
            )
        ],
        likes=await _rows(
            session,
            select(Like.post_id.label("postId"), Like.created_at.label("createdAt"))
            .where(Like.user_id == mine)
            .order_by(Like.created_at),
        ),
        reposts=await _rows(
            session,
            select(Entry.post_id.label("postId"), Entry.created_at.label("createdAt"))
            .where(Entry.actor_id == mine, Entry.kind == EntryKind.REPOST)
            .order_by(Entry.created_at),
        ),
        bookmarks=await _rows(
            session,
            select(Bookmark.post_id.label("postId"), Bookmark.created_at.label("createdAt"))
            .where(Bookmark.user_id == mine)
            .order_by(Bookmark.created_at),
        ),
        following=await _relations(session, mine, Kind.FOLLOW),
        followers=await _rows(
            session,
            select(User.handle, Relation.created_at.label("createdAt"))
            .join(Relation, Relation.source_id == User.id)
            .where(Relation.target_id == mine, Relation.kind == Kind.FOLLOW)
            .order_by(Relation.created_at),
        ),
        blocks=await _relations(session, mine, Kind.BLOCK),
        mutes=await _relations(session, mine, Kind.MUTE),
        notifications=await _rows(
            session,
            select(
                Notification.kind,
                User.handle.label("actor"),
                Notification.post_id.label("postId"),
                Notification.created_at.label("createdAt"),
                Notification.read_at.label("readAt"),
            )
            .join(User, User.id == Notification.actor_id)
            .where(Notification.user_id == mine)
            .order_by(Notification.created_at),
        ),
        sessions=[
            {
                "id": each.id,
                "userAgent": each.user_agent or None,
                "createdAt": each.started_at,
                "lastUsedAt": each.used_at,
            }
            for each in await list_sessions(session, mine)
        ],
        identities=await _rows(
            session,
            select(Identity.issuer, Identity.subject, Identity.created_at.label("createdAt")).where(
                Identity.user_id == mine
            ),
        ),
        reports=await _rows(
            session,
            select(
                Report.reason,
                Report.text,
                Report.state,
                Report.post_id.label("postId"),
                Report.created_at.label("createdAt"),
            )
            .where(Report.reporter_id == mine)
            .order_by(Report.created_at),
        ),
    )


async def _rows(session: AsyncSession, statement: AnySelect) -> list[dict[str, Any]]:
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def _relations(session: AsyncSession, mine: UUID, kind: Kind) -> list[dict[str, Any]]:
    statement = (
        select(User.handle, Relation.created_at.label("createdAt"))
        .join(Relation, Relation.target_id == User.id)
        .where(Relation.source_id == mine, Relation.kind == kind)
        .order_by(Relation.created_at)
    )
    return await _rows(session, statement)


async def _posts(session: AsyncSession, mine: UUID) -> list[dict[str, Any]]:
    earlier: Mapping[UUID, list[dict[str, Any]]]
    posts = (
        await session.scalars(
            select(Post).where(Post.author_id == mine).order_by(Post.created_at, Post.id)
        )
    ).all()
    earlier = {post.id: [] for post in posts}
    versions = await session.scalars(
        select(PostVersion)
        .join(Post, Post.id == PostVersion.post_id)
        .where(Post.author_id == mine)
        .order_by(PostVersion.replaced_at)
    )
    for version in versions:
        earlier[version.post_id].append({"text": version.text, "replacedAt": version.replaced_at})
    return [
        {
            "id": post.id,
            "text": post.text,
            "media": post.media,
            "replyToId": post.reply_to_id,
            "createdAt": post.created_at,
            "editedAt": post.edited_at,
            "hiddenAt": post.hidden_at,
            "history": earlier[post.id],
        }
        for post in posts
    ]
