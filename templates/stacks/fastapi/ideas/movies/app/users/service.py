"""What can be done with accounts. Knows the database and nothing of HTTP."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import NotFoundError
from app.passwords import hash_password, verify_password
from app.refusals import ConflictError, ForbiddenError
from app.reviews.models import Review
from app.users.models import User
from app.users.schemas import NewUser, PasswordChange


async def register(session: AsyncSession, new: NewUser) -> User:
    """Create an account.

    Raises:
        ConflictError: Somebody has the name.
    """
    user = User(
        username=new.username,
        password_hash=await hash_password(new.password),
        token_version=0,
        scope="",
        created_at=now(),
    )
    session.add(user)
    try:
        await session.commit()
    except IntegrityError:
        raise ConflictError("Somebody has this name already.") from None
    return user


async def change_password(session: AsyncSession, user: User, change: PasswordChange) -> User:
    """Change a password; every token from before stops working.

    Raises:
        ForbiddenError: The current password is another one.
    """
    if not await verify_password(change.current_password, user.password_hash):
        raise ForbiddenError("The current password is wrong.")
    user.password_hash = await hash_password(change.password)
    user.token_version += 1
    await session.commit()
    return user


async def delete_user(session: AsyncSession, user_id: UUID) -> None:
    """Delete an account with its watchlist; its reviews stay, without a name."""
    # Until the end nobody writes a review in this name.
    await session.execute(select(User.id).where(User.id == user_id).with_for_update())
    nameless = update(Review).where(Review.user_id == user_id)
    nameless = nameless.values(user_id=None, version=Review.version + 1, updated_at=now())
    await session.execute(nameless.execution_options(synchronize_session=False))
    await session.execute(delete(User).where(User.id == user_id))
    await session.commit()


async def set_scopes(session: AsyncSession, username: str, scopes: frozenset[str]) -> None:
    """Grant exactly these scopes to an account.

    Raises:
        NotFoundError: Nobody has the name.
    """
    statement = (
        update(User)
        .where(User.username == username)
        .values(scope=" ".join(sorted(scopes)))
        .returning(User.id)
    )
    if await session.scalar(statement) is None:
        raise NotFoundError(f"There is no account {username!r}.")
    await session.commit()


async def get_user_by_name(session: AsyncSession, username: str) -> User | None:
    """Return the account with a name, if there is one."""
    user: User | None = await session.scalar(select(User).where(User.username == username))
    return user
