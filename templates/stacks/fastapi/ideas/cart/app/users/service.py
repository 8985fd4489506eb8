"""What can be done with accounts. Knows the database and nothing of HTTP."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.carts.models import Cart
from app.clock import now
from app.passwords import hash_password
from app.refusals import ConflictError
from app.users.models import Role, User
from app.users.schemas import NewUser


async def register(session: AsyncSession, new: NewUser) -> User:
    """Make an account with an empty cart.

    Raises:
        ConflictError: The address has an account already.
    """
    password_hash = await hash_password(new.password)
    created_at = now()
    user = User(
        email=new.email,
        name=new.name,
        password_hash=password_hash,
        role="customer",
        created_at=created_at,
    )
    try:
        session.add(user)
        await session.flush()
    except IntegrityError:
        raise ConflictError("There is an account with this address already.") from None
    session.add(Cart(user_id=user.id, changed_at=created_at))
    await session.commit()
    return user


async def find_user(session: AsyncSession, email: str) -> User | None:
    """Return the account with an address in small letters."""
    return (await session.scalars(select(User).where(User.email == email))).one_or_none()


async def set_role(session: AsyncSession, email: str, role: Role) -> bool:
    """Say what somebody may do; returns whether there is such an account."""
    statement = update(User).where(User.email == email.lower()).values(role=role).returning(User.id)
    changed = await session.scalar(statement)
    await session.commit()
    return changed is not None
