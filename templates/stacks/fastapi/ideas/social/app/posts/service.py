"""What can be done with posts. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.cursors import CursorParameters
from app.database import Base
from app.errors import NotFoundError
from app.folding import fold
from app.inserts import insert_new
from app.lists import LIMIT, AnyRow, AnySelect, Listed, asked, older, split
from app.media.schemas import described
from app.media.service import attach, files_of
from app.notifications.events import take_back, tell
from app.notifications.models import Event
from app.posts.models import Bookmark, Entry, EntryKind, Like, Post, PostHashtag, PostVersion
from app.posts.queries import fetch_post
from app.posts.schemas import NewPost
from app.profiles.service import SUMMARY
from app.refusals import ConflictError, ForbiddenError
from app.texts import hashtags, mentions
from app.timelines.cache import TimelineCache
from app.users.models import User
from app.visibility import visible_post, visible_profile

# The queries with conditions of app/visibility.py, made once.
POST = (
    select(Post)
    .join(User, User.id == Post.author_id)
    .where(Post.id == bindparam("post_id"), visible_post())
)
MENTIONED = select(User).where(
    User.handle.in_(bindparam("handles", expanding=True)), visible_profile()
)
LIKE_ORDER = (Like.created_at, Like.user_id)
LIKES: AnySelect = (
    select(*SUMMARY, *LIKE_ORDER)
    .join(User, User.id == Like.user_id)
    .where(Like.post_id == bindparam("post_id"), visible_profile(), older(*LIKE_ORDER))
    .order_by(*(column.desc() for column in LIKE_ORDER))
    .limit(LIMIT)
)
# Rows of tables: what every post needs would take the unit of work longer than the database.
POSTS, ENTRIES = (Base.metadata.tables[each.__tablename__] for each in (Post, Entry))
ADD_POST, ADD_ENTRY = insert(POSTS), insert(ENTRIES)
UNKNOWN = "There is no post with this id."
EDIT_WINDOW = timedelta(minutes=30)


async def get_post(session: AsyncSession, viewer_id: UUID, post_id: UUID) -> Post:
    """Return a post, if it exists for the viewer.

    Raises:
        NotFoundError: It does not.
    """
    post: Post | None = await session.scalar(POST, {"viewer_id": viewer_id, "post_id": post_id})
    if post is None:
        raise NotFoundError(UNKNOWN)
    return post


async def show_post(session: AsyncSession, viewer_id: UUID, post_id: UUID) -> AnyRow:
    """Return a post as the viewer sees it.

    Raises:
        NotFoundError: It does not exist for them.
    """
    row = await fetch_post(session, viewer_id, post_id)
    if row is None:
        raise NotFoundError(UNKNOWN)
    return row


async def get_own_post(session: AsyncSession, user: User, post_id: UUID) -> Post:
    """Return a post by the user.

    Raises:
        NotFoundError: It does not exist for them.
        ForbiddenError: Somebody else has written it.
    """
    post = await get_post(session, user.id, post_id)
    if post.author_id != user.id:
        raise ForbiddenError("Somebody else has written this post.")
    return post


async def create_post(
    session: AsyncSession, timelines: TimelineCache, user: User, new: NewPost
) -> Post:
    """Store a post and tell whom it is for.

    Raises:
        NotFoundError: What it replies to, or an image, is not there for the user.
    """
    parent = await get_post(session, user.id, new.reply_to_id) if new.reply_to_id else None
    mentioned = await _mentioned(session, user, new.text)
    values = {
        "id": uuid4(),
        "author_id": user.id,
        "text": new.text,
        "search_text": fold(new.text),
        "hashtags": hashtags(new.text),
        "mentions": [other.handle for other in mentioned],
        "media": [],
        "reply_to_id": new.reply_to_id,
        "is_reply": parent is not None,
        "created_at": now(),
    }
    await session.execute(ADD_POST, values)
    post = Post(**values)
    if new.media_ids:
        images = await attach(session, user, new.media_ids, post.id)
        post.media = [described(image) for image in images]
        await session.execute(update(POSTS).where(POSTS.c.id == post.id).values(media=post.media))
    entry = _entry(user, post, _kind(user, parent), post.created_at)
    await session.execute(ADD_ENTRY, entry)
    _add_hashtags(session, post)
    if parent:
        tell(session, parent.author_id, Event.REPLY, user.id, post.id)
    for other in mentioned:
        # The one who is replied to is told that.
        if parent is None or other.id != parent.author_id:
            tell(session, other.id, Event.MENTION, user.id, post.id)
    await session.commit()
    if entry["kind"] != EntryKind.REPLY:
        await timelines.push(session, user, Entry(**entry))
    return post


def _entry(actor: User, post: Post, kind: EntryKind, moment: datetime) -> dict[str, Any]:
    """Return the values of a new entry."""
    return {
        "id": uuid4(),
        "actor_id": actor.id,
        "post_id": post.id,
        "kind": kind,
        "created_at": moment,
    }


def _kind(user: User, parent: Post | None) -> EntryKind:
    if parent is None:
        return EntryKind.POST
    return EntryKind.THREAD if parent.author_id == user.id else EntryKind.REPLY


async def _mentioned(session: AsyncSession, user: User, text: str) -> Sequence[User]:
    """Return the accounts that a text mentions, if they exist for its author, in their order."""
    handles = mentions(text)
    if not handles:
        return []
    found = await session.scalars(MENTIONED, {"viewer_id": user.id, "handles": handles})
    return sorted(found, key=lambda other: handles.index(other.handle))


def _add_hashtags(session: AsyncSession, post: Post) -> None:
    for tag in post.hashtags:
        session.add(PostHashtag(tag=tag, post_id=post.id, created_at=post.created_at))


async def change_post(session: AsyncSession, user: User, post_id: UUID, text: str) -> None:
    """Change the text of an own post, and keep what it was.

    Raises:
        NotFoundError: It does not exist for the user.
        ForbiddenError: Somebody else has written it.
        ConflictError: It is too late, or it was changed at the same time.
    """
    post = await get_own_post(session, user, post_id)
    moment = now()
    if moment - post.created_at > EDIT_WINDOW:
        raise ConflictError("A post can be changed within 30 minutes.")
    if text == post.text:
        return
    before, known = post.text, set(post.mentions)
    mentioned = await _mentioned(session, user, text)
    # The condition lets one of two changes at the same time win: each version is kept once.
    statement = (
        update(Post)
        .where(Post.id == post.id, Post.text == before)
        .values(
            text=text,
            search_text=fold(text),
            hashtags=hashtags(text),
            mentions=[other.handle for other in mentioned],
            edited_at=moment,
        )
        .returning(Post.id)
    )
    if await session.scalar(statement) is None:
        raise ConflictError("This post was changed at the same time. Read it again.")
    session.add(PostVersion(post_id=post.id, text=before, replaced_at=moment))
    await session.execute(delete(PostHashtag).where(PostHashtag.post_id == post.id))
    await session.refresh(post)
    _add_hashtags(session, post)
    for other in mentioned:
        if other.handle not in known:
            tell(session, other.id, Event.MENTION, user.id, post.id)
    await session.commit()


async def delete_post(session: AsyncSession, user: User, post_id: UUID) -> Sequence[str]:
    """Delete an own post, and return the files to delete. Replies stay.

    Raises:
        NotFoundError: It does not exist for the user.
        ForbiddenError: Somebody else has written it.
    """
    post = await get_own_post(session, user, post_id)
    files = await files_of(session, post_id=post.id)
    await session.execute(delete(Post).where(Post.id == post.id))
    await session.commit()
    return files


async def list_versions(
    session: AsyncSession, viewer_id: UUID, post_id: UUID
) -> Sequence[PostVersion]:
    """Return what a post said before, the newest first.

    Raises:
        NotFoundError: It does not exist for the viewer.
    """
    post = await get_post(session, viewer_id, post_id)
    versions = await session.scalars(
        select(PostVersion)
        .where(PostVersion.post_id == post.id)
        .order_by(PostVersion.replaced_at.desc(), PostVersion.id)
    )
    return versions.all()


async def list_likes(
    session: AsyncSession, viewer_id: UUID, post_id: UUID, page: CursorParameters
) -> Listed[AnyRow]:
    """Return who likes a post, the newest like first.

    Raises:
        NotFoundError: The post does not exist for the viewer.
    """
    post = await get_post(session, viewer_id, post_id)
    parameters = {"viewer_id": viewer_id, "post_id": post.id, **asked(page)}
    rows = (await session.execute(LIKES, parameters)).all()
    return split(rows, page, lambda row: (row.created_at, row.user_id))


async def like(session: AsyncSession, user: User, post_id: UUID) -> None:
    """Like a post, once.

    Raises:
        NotFoundError: It does not exist for the user.
    """
    post = await get_post(session, user.id, post_id)
    values = {"post_id": post.id, "user_id": user.id, "created_at": now()}
    if await session.scalar(insert_new(session, Like, returning="post_id"), values):
        tell(session, post.author_id, Event.LIKE, user.id, post.id)
    await session.commit()


async def unlike(session: AsyncSession, user: User, post_id: UUID) -> None:
    """Take a like back.

    Raises:
        NotFoundError: The post does not exist for the user.
    """
    post = await get_post(session, user.id, post_id)
    await session.execute(delete(Like).where(Like.post_id == post.id, Like.user_id == user.id))
    await take_back(session, post.author_id, Event.LIKE, user.id, post.id)
    await session.commit()


async def bookmark(session: AsyncSession, user: User, post_id: UUID) -> None:
    """Remember a post.

    Raises:
        NotFoundError: It does not exist for the user.
    """
    post = await get_post(session, user.id, post_id)
    values = {"post_id": post.id, "user_id": user.id, "created_at": now()}
    await session.execute(insert_new(session, Bookmark), values)
    await session.commit()


async def unbookmark(session: AsyncSession, user: User, post_id: UUID) -> None:
    """Forget a post.

    Raises:
        NotFoundError: It does not exist for the user.
    """
    post = await get_post(session, user.id, post_id)
    await session.execute(
        delete(Bookmark).where(Bookmark.post_id == post.id, Bookmark.user_id == user.id)
    )
    await session.commit()


async def repost(
    session: AsyncSession, timelines: TimelineCache, user: User, post_id: UUID
) -> None:
    """Show a post to the own followers, once.

    Raises:
        NotFoundError: It does not exist for the user.
        ForbiddenError: Its author is private.
    """
    post = await get_post(session, user.id, post_id)
    author = await session.get_one(User, post.author_id)
    if author.private:
        raise ForbiddenError("Posts of private profiles are not reposted.")
    entry = _entry(user, post, EntryKind.REPOST, now())
    if not await session.scalar(insert_new(session, Entry, returning="id"), entry):
        return
    tell(session, post.author_id, Event.REPOST, user.id, post.id)
    await session.commit()
    await timelines.push(session, user, Entry(**entry))


async def unrepost(
    session: AsyncSession, timelines: TimelineCache, user: User, post_id: UUID
) -> None:
    """Take a repost back.

    Raises:
        NotFoundError: The post does not exist for the user.
    """
    post = await get_post(session, user.id, post_id)
    await session.execute(
        delete(Entry).where(
            Entry.post_id == post.id,
            Entry.actor_id == user.id,
            Entry.kind == EntryKind.REPOST,
        )
    )
    await take_back(session, post.author_id, Event.REPOST, user.id, post.id)
    await session.commit()
    await timelines.forget(user.id)
