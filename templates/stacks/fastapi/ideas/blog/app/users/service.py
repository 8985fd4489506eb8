"""Registering, and changing oneself."""

from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.field_errors import TakenError
from app.inserts import insert_new
from app.passwords import hash_password
from app.users.models import NOBODY, User, username_key
from app.users.schemas import NewUser, UpdateUser


async def create_user(session: AsyncSession, new: NewUser) -> User:
    """Store a new user.

    Raises:
        TakenError: Somebody has the name or the address.
    """
    # Before the session takes a connection: hashing takes a while.
    password_hash = await hash_password(new.password)
    created_at = now()
    values = {
        "username": new.username,
        "username_key": username_key(new.username),
        "email": new.email,
        "password_hash": password_hash,
        "token_version": 1,
        "created_at": created_at,
        "updated_at": created_at,
    }
    user_id = await session.scalar(insert_new(session, User, returning="id"), values)
    if user_id is None:
        raise await _taken(session, new.model_dump(), but_of=NOBODY)
    await session.commit()
    return await session.get_one(User, user_id)


async def change_user(session: AsyncSession, user: User, changes: UpdateUser) -> User:
    """Change the given fields of a user and no others.

    A new password makes every token invalid that was issued before.

    Raises:
        TakenError: Somebody else has the name or the address.
    """
    fields = changes.model_dump()
    user_id = user.id
    # Hashing a password takes a while; the connection is for others meanwhile.
    await session.commit()
    values = await _columns(fields)
    if not values:
        return user
    statement = (
        update(User).where(User.id == user_id).values(**values, updated_at=now()).returning(User)
    )
    try:
        changed = (await session.scalars(statement)).one()
    except IntegrityError:
        await session.rollback()
        raise await _taken(session, fields, but_of=user_id) from None
    await session.commit()
    return changed


async def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the columns that the fields decide."""
    columns = dict(fields)
    if "username" in fields:
        columns["username_key"] = username_key(fields["username"])
    if "password" in fields:
        columns["password_hash"] = await hash_password(columns.pop("password"))
        columns["token_version"] = User.token_version + 1
    return columns


async def _taken(session: AsyncSession, fields: dict[str, Any], but_of: int) -> TakenError:
    """Return an error that names what others than this user have."""
    # What is not in the request is compared with null, which nobody has.
    key = username_key(fields["username"]) if "username" in fields else None
    email = fields.get("email")
    statement = select(User).where(
        User.id != but_of, or_(User.username_key == key, User.email == email)
    )
    others = (await session.scalars(statement)).all()
    taken = {
        "username": any(other.username_key == key for other in others),
        "email": any(other.email == email for other in others),
    }
    return TakenError(*(name for name, by_others in taken.items() if by_others))
