"""What can be done with accounts. Knows the database and nothing of HTTP."""

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ServiceError
from app.passwords import hash_password
from app.users.models import User
from app.users.schemas import NewUser


class EmailTakenError(ServiceError):
    """Somebody has registered with this e-mail before."""

    status = 409
    detail = "There is an account with this e-mail."


async def create_user(session: AsyncSession, new: NewUser) -> User:
    """Store a new account.

    Raises:
        EmailTakenError: There is one with this e-mail.
    """
    user = User(email=new.email, password_hash=await hash_password(new.password))
    session.add(user)
    try:
        await session.commit()
    except IntegrityError as error:
        raise EmailTakenError from error
    return user


async def delete_user(session: AsyncSession, user: User) -> None:
    """Delete an account; the database deletes its contacts with it."""
    await session.execute(delete(User).where(User.id == user.id))
    await session.commit()
