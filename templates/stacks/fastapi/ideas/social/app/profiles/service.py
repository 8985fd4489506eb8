"""Finding people. Knows the database and nothing of HTTP."""

import re
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.errors import NotFoundError
from app.folding import fold
from app.lists import LIMIT, AnyRow, AnySelect, Listed
from app.posts.models import Post
from app.profiles.schemas import ProfileBody, ProfileQuery, RelationBody, avatar_url
from app.refusals import ForbiddenError
from app.relations.models import Kind, Relation
from app.texts import like_pattern
from app.users.models import User
from app.visibility import VIEWER, open_profile, visible_profile

UNKNOWN = "There is no profile with this handle."
# What a profile in short needs.
SUMMARY = (User.handle, User.display_name, User.avatar_file, User.private)

# The queries with conditions of app/visibility.py, made once.
BY_HANDLE = select(User).where(User.handle == bindparam("handle"), visible_profile())
OPEN = select(User.id).where(User.id == bindparam("user_id"), open_profile())
SEARCH: AnySelect = (
    select(*SUMMARY)
    .where(
        User.search_text.like(bindparam("pattern"), escape="\\"),
        User.handle > bindparam("after"),
        visible_profile(),
    )
    .order_by(User.handle)
    .limit(LIMIT)
)


def _counts() -> AnySelect:
    """Return the query for a profile's counts, which leave out whom the viewer may not see."""
    user_id, other = bindparam("user_id", type_=Uuid()), aliased(User)
    following = (
        select(func.count())
        .select_from(Relation)
        .where(Relation.kind == Kind.FOLLOW, visible_profile(other))
    )
    posts = select(func.count()).where(
        Post.author_id == user_id,
        # Hidden posts are counted for nobody but their author.
        or_(Post.hidden_at.is_(None), Post.author_id == VIEWER),
    )
    return select(
        following.join(other, other.id == Relation.source_id)
        .where(Relation.target_id == user_id)
        .scalar_subquery(),
        following.join(other, other.id == Relation.target_id)
        .where(Relation.source_id == user_id)
        .scalar_subquery(),
        posts.scalar_subquery(),
    )


COUNTS = _counts()


async def get_user(session: AsyncSession, viewer_id: UUID, handle: str) -> User:
    """Return the account with a handle, if it exists for the viewer.

    Raises:
        NotFoundError: It does not.
    """
    user: User | None = None
    if re.fullmatch("[A-Za-z0-9_]{3,30}", handle):
        user = await session.scalar(BY_HANDLE, {"viewer_id": viewer_id, "handle": handle.lower()})
    if user is None:
        raise NotFoundError(UNKNOWN)
    return user


async def require_open(session: AsyncSession, viewer_id: UUID, handle: str) -> User:
    """Return the account with a handle, if the viewer may see its posts and lists.

    Raises:
        NotFoundError: It does not exist for the viewer.
        ForbiddenError: It is private, and the viewer does not follow it.
    """
    user = await get_user(session, viewer_id, handle)
    if await session.scalar(OPEN, {"viewer_id": viewer_id, "user_id": user.id}):
        return user
    raise ForbiddenError("This profile is private.")


async def get_relation(session: AsyncSession, viewer_id: UUID, other_id: UUID) -> RelationBody:
    """Return how the viewer and another account stand to each other."""
    rows = await session.execute(
        select(Relation.source_id, Relation.kind).where(
            or_(
                and_(Relation.source_id == viewer_id, Relation.target_id == other_id),
                and_(
                    Relation.source_id == other_id,
                    Relation.target_id == viewer_id,
                    Relation.kind == Kind.FOLLOW,
                ),
            )
        )
    )
    found = {(source_id == viewer_id, kind) for source_id, kind in rows}
    return RelationBody(
        following=(True, Kind.FOLLOW) in found,
        requested=(True, Kind.REQUEST) in found,
        followed_by=(False, Kind.FOLLOW) in found and viewer_id != other_id,
        blocking=(True, Kind.BLOCK) in found,
        muting=(True, Kind.MUTE) in found,
    )


async def get_profile(session: AsyncSession, viewer_id: UUID, handle: str) -> ProfileBody:
    """Return a profile with its counts, which leave out whom the viewer may not see.

    Raises:
        NotFoundError: It does not exist for the viewer.
    """
    user = await get_user(session, viewer_id, handle)
    parameters = {"viewer_id": viewer_id, "user_id": user.id}
    followers, followed, written = (await session.execute(COUNTS, parameters)).one()
    return ProfileBody(
        handle=user.handle,
        display_name=user.display_name,
        bio=user.bio,
        avatar_url=avatar_url(user.avatar_file),
        private=user.private,
        follower_count=followers,
        following_count=followed,
        post_count=written,
        relation=await get_relation(session, viewer_id, user.id),
        created_at=user.created_at,
    )


async def search_profiles(
    session: AsyncSession, viewer_id: UUID, query: ProfileQuery
) -> Listed[AnyRow]:
    """Return the profiles whose handle or name contains a text, by their handles."""
    parameters = {
        "viewer_id": viewer_id,
        "pattern": like_pattern(fold(query.q)),
        "after": query.cursor or "",
        "limit": query.limit + 1,
    }
    rows = (await session.execute(SEARCH, parameters)).all()
    more = len(rows) > query.limit
    return rows[: query.limit], rows[query.limit - 1].handle if more else None
