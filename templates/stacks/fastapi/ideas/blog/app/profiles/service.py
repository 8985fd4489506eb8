"""Seeing others and following them."""

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.field_errors import UnknownError
from app.inserts import insert_new
from app.profiles.models import Follow
from app.users.models import User, username_key

FOLLOWS = Follow.__table__
# A column for queries with users: whether the viewer follows them.
FOLLOWED = exists().where(
    FOLLOWS.c.follower_id == bindparam("viewer_id"),
    FOLLOWS.c.followed_id == User.__table__.c.id,
)
PROFILE = select(User, FOLLOWED).where(User.username_key == bindparam("key"))


async def get_profile(session: AsyncSession, username: str, viewer_id: int) -> tuple[User, bool]:
    """Return a user, and whether the viewer follows them.

    Raises:
        UnknownError: Nobody has this name.
    """
    if "\0" in username:
        # PostgreSQL takes no such text, not even to look for it.
        raise UnknownError("profile")
    parameters = {"key": username_key(username), "viewer_id": viewer_id}
    found = (await session.execute(PROFILE, parameters)).one_or_none()
    if found is None:
        raise UnknownError("profile")
    user, following = found
    return user, following


async def follow(session: AsyncSession, username: str, follower_id: int) -> User:
    """Make a user follow another; it changes nothing when they do already.

    Raises:
        UnknownError: Nobody has this name.
    """
    followed, _ = await get_profile(session, username, follower_id)
    values = {"follower_id": follower_id, "followed_id": followed.id}
    await session.execute(insert_new(session, Follow), values)
    await session.commit()
    return followed


async def unfollow(session: AsyncSession, username: str, follower_id: int) -> User:
    """Make a user follow another no longer; it changes nothing when they do not.

    Raises:
        UnknownError: Nobody has this name.
    """
    followed, _ = await get_profile(session, username, follower_id)
    await session.execute(
        delete(Follow).where(Follow.follower_id == follower_id, Follow.followed_id == followed.id)
    )
    await session.commit()
    return followed
