"""What can be done with accounts. Knows the database and nothing of HTTP."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.passwords import hash_password
from app.refusals import ConflictError
from app.users.models import User
from app.users.schemas import NewUser


async def register(session: AsyncSession, new: NewUser) -> User:
    """Make an account.

    Raises:
        ConflictError: Somebody has the name.
    """
    fields = new.model_dump(exclude={"password"})
    user = User(
        **{"display_name": new.username} | fields,
        password_hash=await hash_password(new.password),
    )
    session.add(user)
    try:
        await session.commit()
    except IntegrityError:
        raise ConflictError("This user name is taken.") from None
    return user


async def find_user(session: AsyncSession, username: str) -> User | None:
    """Return the user with a name, if there is one."""
    user: User | None = await session.scalar(select(User).where(User.username == username))
    return user


async def get_user(session: AsyncSession, username: str) -> User:
    """Return the user with a name.

    Raises:
        NotFoundError: There is none.
    """
    user = await find_user(session, username)
    if user is None:
        raise NotFoundError("There is no user with this name.")
    return user
