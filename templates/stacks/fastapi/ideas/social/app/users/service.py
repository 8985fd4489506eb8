"""What can be done with accounts. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from pydantic import MISSING
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.service import SignedIn, WrongPasswordError
from app.clock import now
from app.folding import fold
from app.media.models import Media
from app.media.schemas import MediaBody
from app.media.service import files_of_user, unused_image
from app.passwords import hash_password, verify_password
from app.refresh_tokens import LoginSession, end_session, list_sessions
from app.refusals import ConflictError
from app.relations.service import accept_all
from app.texts import handle_key
from app.timelines.cache import TimelineCache
from app.users.models import USER, User
from app.users.schemas import MeBody, MeChanges, NewUser

TAKEN = "This handle or this address is taken."


def new_user(
    *,
    handle: str,
    email: str | None,
    display_name: str | None = None,
    password_hash: str | None = None,
) -> User:
    """Return a new account, which is not stored yet."""
    return User(
        id=uuid4(),
        email=email,
        password_hash=password_hash,
        token_version=0,
        handle=handle,
        display_name=display_name or handle,
        bio="",
        private=False,
        role=USER,
        search_text=_search_text(handle, display_name or handle),
        widely_followed=False,
        created_at=now(),
    )


def _search_text(handle: str, display_name: str) -> str:
    return fold(f"{handle} {display_name}")


async def register(session: AsyncSession, new: NewUser) -> User:
    """Make an account.

    Raises:
        ConflictError: The handle or the address belongs to somebody.
    """
    user = new_user(
        handle=new.handle,
        email=new.email,
        display_name=None if new.display_name is MISSING else new.display_name,
        password_hash=await hash_password(new.password),
    )
    session.add(user)
    await _commit(session)
    return user


async def _commit(session: AsyncSession) -> None:
    try:
        await session.commit()
    except IntegrityError:
        raise ConflictError(TAKEN) from None


async def describe(session: AsyncSession, user: User) -> MeBody:
    """Return an account as its owner sees it."""
    avatar = await session.get(Media, user.avatar_id) if user.avatar_id else None
    return MeBody(
        id=user.id,
        email=user.email,
        handle=user.handle,
        display_name=user.display_name,
        bio=user.bio,
        avatar=MediaBody.of(avatar) if avatar else None,
        private=user.private,
        role="moderator" if user.is_moderator else "user",
        has_password=user.password_hash is not None,
        created_at=user.created_at,
    )


async def change(
    session: AsyncSession, timelines: TimelineCache, me: SignedIn, changes: MeChanges
) -> User:
    """Change the given fields of an account and no others.

    Raises:
        WrongPasswordError: A new password needs the current one, and this is not it.
        NotFoundError: There is no such image.
        ConflictError: The handle belongs to somebody.
    """
    user, values = me.user, changes.model_dump(exclude={"password", "current_password"})
    if changes.password is not MISSING:
        await _require_password(user, changes.current_password)
        user.password_hash = await hash_password(changes.password)
        await _end_other_sessions(session, me)
    if "avatar_id" in values:
        avatar_id: UUID | None = values["avatar_id"]
        image = await unused_image(session, user, avatar_id) if avatar_id else None
        user.avatar_file = image.thumbnail if image else None
    followers: Sequence[UUID] = []
    if values.get("private") is False and user.private:
        followers = await accept_all(session, timelines, user)
    for name, value in values.items():
        setattr(user, name, value)
    user.search_text = _search_text(user.handle, user.display_name)
    await _commit(session)
    await timelines.forget(*followers)
    return user


async def _require_password(user: User, password: str | MISSING) -> None:
    """Make sure that whoever asks knows the password, if the account has one."""
    if user.password_hash is None:
        return
    given = "" if password is MISSING else password
    if not await verify_password(given, user.password_hash):
        raise WrongPasswordError


async def _end_other_sessions(session: AsyncSession, me: SignedIn) -> None:
    """End the sessions in which somebody else may be, who knows the old password."""
    others: Sequence[LoginSession] = await list_sessions(session, me.id)
    for other in others:
        if other.id != me.session_id:
            await end_session(session, me.id, other.id)


async def delete_account(
    session: AsyncSession, user: User, password: str | MISSING
) -> Sequence[str]:
    """Delete an account with all that belongs to it, and return the files to delete.

    Raises:
        WrongPasswordError: It is not the password.
    """
    await _require_password(user, password)
    files = await files_of_user(session, user.id)
    await session.execute(delete(User).where(User.id == user.id))
    await session.commit()
    return files


async def set_role(session: AsyncSession, handle: str, role: str) -> bool:
    """Give an account a role, and tell whether there is such an account."""
    user: User | None = await session.scalar(select(User).where(User.handle == handle_key(handle)))
    if user is None:
        return False
    user.role = role
    await session.commit()
    return True
