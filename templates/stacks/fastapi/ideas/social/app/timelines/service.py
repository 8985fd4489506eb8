"""Lists of posts. Knows the database and Redis, and nothing of HTTP."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.cursors import CursorParameters, Place
from app.database import UtcDateTime
from app.folding import fold
from app.lists import (
    LIMIT,
    NEWEST,
    OLDEST,
    AnyColumn,
    AnyRow,
    AnySelect,
    Listed,
    asked,
    newer,
    older,
    split,
)
from app.posts.models import Bookmark, Entry, EntryKind, Post, PostHashtag
from app.posts.queries import picked, shown
from app.posts.service import get_post
from app.profiles.service import require_open
from app.texts import hashtag_key, like_pattern
from app.timelines.cache import LENGTH, TimelineCache
from app.users.models import User
from app.visibility import VIEWER, is_followed, is_muted, visible_post, visible_profile

# Read from Redis beside what a page needs, in case that some of it is hidden by now.
SPARE = 10
Order = tuple[AnyColumn, AnyColumn]
POST_ORDER: Order = (Post.created_at, Post.id)
ENTRY_ORDER: Order = (Entry.created_at, Entry.id)


def _pages(picks: AnySelect, order: Order, *, newest_first: bool = True) -> AnySelect:
    """Return the query for a page of the picked posts which the viewer may see."""
    after = older if newest_first else newer
    chosen = (
        picks.where(visible_post(), after(*order))
        .order_by(*(column.desc() if newest_first else column for column in order))
        .limit(LIMIT)
    )
    return shown(chosen, newest_first=newest_first)


def _marked(mark: type[Bookmark | PostHashtag], condition: ColumnElement[bool]) -> AnySelect:
    """Return the query for posts in the order in which they got a mark."""
    order: Order = (mark.created_at, mark.post_id)
    return _pages(picked(*order).join(mark, mark.post_id == Post.id).where(condition), order)


def _entries() -> AnySelect:
    """Begin a query which picks entries."""
    reposter = case((Entry.kind == EntryKind.REPOST, Entry.actor_id))
    return picked(*ENTRY_ORDER, reposter).join(Entry, Entry.post_id == Post.id)


def _home_entries() -> AnySelect:
    """Return the query for the entries of a home timeline.

    Each post is there once: as itself, or by its first repost. A later repost does not move it, so
    nobody who is reading meets it twice or misses it.
    """
    actor, earlier = aliased(User), aliased(Entry)
    shown_before = exists().where(
        earlier.post_id == Entry.post_id,
        tuple_(earlier.created_at, earlier.id) < tuple_(Entry.created_at, Entry.id),
        earlier.kind != EntryKind.REPLY,
        is_followed(earlier.actor_id),
        ~is_muted(earlier.actor_id),
    )
    return (
        _entries()
        .join(actor, actor.id == Entry.actor_id)
        .where(
            is_followed(Entry.actor_id),
            ~is_muted(Entry.actor_id),
            ~is_muted(Post.author_id),
            Entry.kind != EntryKind.REPLY,
            or_(Entry.kind != EntryKind.REPOST, ~shown_before),
            # Who is followed is open, if they are there at all.
            visible_profile(actor),
        )
    )


def _remembered() -> ColumnElement[bool]:
    """Return the condition for entries of a timeline of which Redis remembers the newest."""
    followed = aliased(User)
    wide = select(followed.id).where(followed.widely_followed, is_followed(followed.id))
    return and_(
        Entry.created_at >= bindparam("oldest", type_=UtcDateTime()),
        or_(Entry.id.in_(bindparam("entry_ids", expanding=True)), Entry.actor_id.in_(wide)),
    )


REPLIES = _pages(
    picked().where(Post.reply_to_id == bindparam("post_id")), POST_ORDER, newest_first=False
)
HASHTAG = _marked(PostHashtag, PostHashtag.tag == bindparam("tag"))
SEARCH = _pages(
    picked().where(Post.search_text.like(bindparam("pattern"), escape="\\")), POST_ORDER
)
BOOKMARKS = _marked(Bookmark, Bookmark.user_id == VIEWER)
PROFILE = _entries().where(Entry.actor_id == bindparam("user_id"))
WITH_REPLIES = _pages(PROFILE, ENTRY_ORDER)
WITHOUT_REPLIES = _pages(
    PROFILE.where(Entry.kind.in_([EntryKind.POST, EntryKind.REPOST])), ENTRY_ORDER
)
HOME = _pages(_home_entries(), ENTRY_ORDER)
NEWEST_ENTRIES = (
    _home_entries()
    .where(visible_post())
    .order_by(*(column.desc() for column in ENTRY_ORDER))
    .limit(LENGTH)
)
REMEMBERED_HOME = _pages(_home_entries().where(_remembered()), ENTRY_ORDER)


async def _list(
    session: AsyncSession,
    statement: AnySelect,
    viewer_id: UUID,
    page: CursorParameters,
    begin: Place = NEWEST,
    **parameters: Any,
) -> Listed[AnyRow]:
    """Return a page of one of the lists above."""
    parameters |= {"viewer_id": viewer_id, **asked(page, begin)}
    rows = (await session.execute(statement, parameters)).all()
    return split(rows, page, lambda row: (row.at, row.key))


async def replies(
    session: AsyncSession, viewer_id: UUID, post_id: UUID, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the replies to a post, the oldest first.

    Raises:
        NotFoundError: The post does not exist for the viewer.
    """
    post = await get_post(session, viewer_id, post_id)
    return await _list(session, REPLIES, viewer_id, page, OLDEST, post_id=post.id)


async def hashtag(
    session: AsyncSession, viewer_id: UUID, tag: str, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the posts with a hashtag."""
    return await _list(session, HASHTAG, viewer_id, page, tag=hashtag_key(tag))


async def search(
    session: AsyncSession, viewer_id: UUID, text: str, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the posts whose text contains a text."""
    return await _list(session, SEARCH, viewer_id, page, pattern=like_pattern(fold(text)))


async def bookmarks(
    session: AsyncSession, viewer_id: UUID, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the viewer's bookmarks, the newest bookmark first."""
    return await _list(session, BOOKMARKS, viewer_id, page)


async def profile(
    session: AsyncSession,
    viewer_id: UUID,
    handle: str,
    page: CursorParameters,
    *,
    with_replies: bool,
) -> Listed[AnyRow]:
    """Return somebody's posts and reposts.

    Raises:
        NotFoundError: They do not exist for the viewer.
        ForbiddenError: They are private, and the viewer does not follow them.
    """
    user = await require_open(session, viewer_id, handle)
    statement = WITH_REPLIES if with_replies else WITHOUT_REPLIES
    return await _list(session, statement, viewer_id, page, user_id=user.id)


async def home(
    session: AsyncSession,
    timelines: TimelineCache,
    viewer_id: UUID,
    page: CursorParameters,
) -> Listed[AnyRow]:
    """Return the posts and reposts of the viewer and of those the viewer follows."""
    place = page.place
    window = await timelines.read(viewer_id, place and place[0], page.limit + 1 + SPARE)
    # What cannot fill a page would only be read twice.
    if window and len(window.entry_ids) > page.limit:
        listed = await _list(
            session,
            REMEMBERED_HOME,
            viewer_id,
            page,
            oldest=window.oldest,
            entry_ids=window.entry_ids,
        )
        # A page that Redis does not fill may go on with what Redis does not have.
        if listed[1]:
            return listed
    elif window is None and (token := await timelines.begin(viewer_id)):
        await _remember(session, timelines, viewer_id, token)
    return await _list(session, HOME, viewer_id, page)


async def _remember(
    session: AsyncSession, timelines: TimelineCache, viewer_id: UUID, token: str
) -> None:
    """Read the newest entries of a timeline, and have Redis remember them."""
    rows = await session.execute(NEWEST_ENTRIES, {"viewer_id": viewer_id})
    await timelines.fill(viewer_id, token, [(row.key, row.at) for row in rows])
