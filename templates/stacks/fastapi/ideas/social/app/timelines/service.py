"""Lists of posts. Knows the database and Redis, and nothing of HTTP."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import case, exists, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.cursors import CursorParameters, Place
from app.folding import fold
from app.lists import AnyColumn, AnyRow, AnySelect, Listed, newer, older, split
from app.posts.models import Bookmark, Entry, EntryKind, Post, PostHashtag
from app.posts.queries import Rows, fetch, picked
from app.posts.service import get_post
from app.profiles.service import require_open
from app.relations.models import Kind
from app.texts import hashtag_key, like_pattern
from app.timelines.cache import LENGTH, TimelineCache, Window
from app.users.models import User
from app.visibility import open_profile, related, visible_post

# Read from Redis beside what a page needs, in case that some of it is hidden by now.
SPARE = 10
Order = tuple[AnyColumn, AnyColumn]
POST_ORDER: Order = (Post.created_at, Post.id)
ENTRY_ORDER: Order = (Entry.created_at, Entry.id)


def _next(rows: Rows, page: CursorParameters) -> Listed[AnyRow]:
    return split(rows, page, lambda row: (row.at, row.key))


async def _list(  # noqa: PLR0913 - every list goes through here
    session: AsyncSession,
    viewer_id: UUID,
    picks: AnySelect,
    order: Order,
    page: CursorParameters,
    *,
    newest_first: bool = True,
) -> Listed[AnyRow]:
    """Return a page of the picked posts which the viewer may see."""
    after = older if newest_first else newer
    chosen = (
        picks.where(visible_post(viewer_id), after(page.place, *order))
        .order_by(*(column.desc() if newest_first else column for column in order))
        .limit(page.limit + 1)
    )
    rows = await fetch(session, viewer_id, chosen, newest_first=newest_first)
    return _next(rows, page)


async def replies(
    session: AsyncSession, viewer_id: UUID, post_id: UUID, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the replies to a post, the oldest first.

    Raises:
        NotFoundError: The post does not exist for the viewer.
    """
    post = await get_post(session, viewer_id, post_id)
    picks = picked().where(Post.reply_to_id == post.id)
    return await _list(session, viewer_id, picks, POST_ORDER, page, newest_first=False)


async def hashtag(
    session: AsyncSession, viewer_id: UUID, tag: str, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the posts with a hashtag."""
    order: Order = (PostHashtag.created_at, PostHashtag.post_id)
    picks = picked(*order).join(PostHashtag, PostHashtag.post_id == Post.id)
    picks = picks.where(PostHashtag.tag == hashtag_key(tag))
    return await _list(session, viewer_id, picks, order, page)


async def search(
    session: AsyncSession, viewer_id: UUID, text: str, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the posts whose text contains a text."""
    picks = picked().where(Post.search_text.like(like_pattern(fold(text)), escape="\\"))
    return await _list(session, viewer_id, picks, POST_ORDER, page)


async def bookmarks(
    session: AsyncSession, viewer_id: UUID, page: CursorParameters
) -> Listed[AnyRow]:
    """Return the viewer's bookmarks, the newest bookmark first."""
    order: Order = (Bookmark.created_at, Bookmark.post_id)
    picks = picked(*order).join(Bookmark, Bookmark.post_id == Post.id)
    picks = picks.where(Bookmark.user_id == viewer_id)
    return await _list(session, viewer_id, picks, order, page)


def _entries() -> AnySelect:
    """Begin a query which picks entries."""
    reposter = case((Entry.kind == EntryKind.REPOST, Entry.actor_id))
    return picked(*ENTRY_ORDER, reposter).join(Entry, Entry.post_id == Post.id)


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
    picks = _entries().where(Entry.actor_id == user.id)
    if not with_replies:
        picks = picks.where(Entry.kind.in_([EntryKind.POST, EntryKind.REPOST]))
    return await _list(session, viewer_id, picks, ENTRY_ORDER, page)


async def home(
    session: AsyncSession,
    timelines: TimelineCache,
    viewer_id: UUID,
    page: CursorParameters,
) -> Listed[AnyRow]:
    """Return the posts and reposts of the viewer and of those the viewer follows."""
    place = page.place
    window = await timelines.read(viewer_id, place and place[0], page.limit + 1 + SPARE)
    if window:
        rows = await _home(session, viewer_id, place, page, window)
        # A page that Redis does not fill may go on with what Redis does not have.
        if len(rows) > page.limit:
            return _next(rows, page)
    elif token := await timelines.begin(viewer_id):
        await _remember(session, timelines, viewer_id, token)
    return _next(await _home(session, viewer_id, place, page), page)


async def _remember(
    session: AsyncSession, timelines: TimelineCache, viewer_id: UUID, token: str
) -> None:
    """Read the newest entries of a timeline, and have Redis remember them."""
    newest = _home_entries(viewer_id, None).limit(LENGTH)
    rows = (await session.execute(newest)).all()
    await timelines.fill(viewer_id, token, [(row.key, row.at) for row in rows])


async def _home(
    session: AsyncSession,
    viewer_id: UUID,
    place: Place | None,
    page: CursorParameters,
    window: Window | None = None,
) -> Sequence[AnyRow]:
    picks = _home_entries(viewer_id, place)
    if window:
        followed = aliased(User)
        wide = select(followed.id).where(
            followed.widely_followed, followed.id.in_(related(viewer_id, Kind.FOLLOW))
        )
        picks = picks.where(
            Entry.created_at >= window.oldest,
            or_(Entry.id.in_(window.entry_ids), Entry.actor_id.in_(wide)),
        )
    return await fetch(session, viewer_id, picks.limit(page.limit + 1))


def _home_entries(viewer_id: UUID, place: Place | None) -> AnySelect:
    """Return the query for the entries of a home timeline, the newest first.

    Each post is there once: as itself, or by its first repost. A later repost does not move it, so
    nobody who is reading meets it twice or misses it.
    """
    actor, earlier = aliased(User), aliased(Entry)
    followed = related(viewer_id, Kind.FOLLOW).union_all(select(literal(viewer_id)))
    muted = related(viewer_id, Kind.MUTE)
    shown_before = exists().where(
        earlier.post_id == Entry.post_id,
        tuple_(earlier.created_at, earlier.id) < tuple_(Entry.created_at, Entry.id),
        earlier.kind != EntryKind.REPLY,
        earlier.actor_id.in_(followed),
        earlier.actor_id.not_in(muted),
    )
    return (
        _entries()
        .join(actor, actor.id == Entry.actor_id)
        .where(
            Entry.actor_id.in_(followed),
            Entry.actor_id.not_in(muted),
            Post.author_id.not_in(muted),
            Entry.kind != EntryKind.REPLY,
            or_(Entry.kind != EntryKind.REPOST, ~shown_before),
            open_profile(viewer_id, actor),
            visible_post(viewer_id),
            older(place, *ENTRY_ORDER),
        )
        .order_by(*(column.desc() for column in ENTRY_ORDER))
    )
