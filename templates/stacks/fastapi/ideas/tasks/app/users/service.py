"""What can be done with accounts. Knows the database and nothing of HTTP."""

from uuid import UUID, uuid4

from pydantic import MISSING
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.columns import sort_key
from app.inserts import insert_into
from app.outbox import enqueue
from app.passwords import hash_password, verify_password
from app.refresh_tokens import end_session, end_sessions, list_sessions
from app.refusals import ForbiddenError
from app.settings import Settings
from app.users.links import redeem
from app.users.models import User
from app.users.schemas import MeChanges, NewUser


async def register(session: AsyncSession, settings: Settings, new: NewUser) -> None:
    """Make an account, or let a mail say that there is one.

    Both take the same statements and one hash, so that nobody can measure which it was. As long as
    an address has to be confirmed, the newest registration for it counts: only the newest link
    works, and it was mailed to whoever the address belongs to.
    """
    password_hash = await hash_password(new.password)
    statement = insert_into(session.get_bind().dialect.name, User).values(
        id=uuid4(),
        email=new.email,
        display_name=new.display_name,
        name_key=sort_key(new.display_name),
        password_hash=password_hash,
        created_at=now(),
    )
    newest = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=[User.email],
        set_={
            "display_name": newest.display_name,
            "name_key": newest.name_key,
            "password_hash": newest.password_hash,
        },
        where=User.confirmed_at.is_(None) & settings.confirms_email,
    )
    user_id = await session.scalar(statement.returning(User.id))
    enqueue(
        session,
        "account.exists" if user_id is None else "account.registered",
        {"email": new.email},
    )
    await session.commit()


async def confirm_email(session: AsyncSession, settings: Settings, token: str) -> None:
    """Note that an address belongs to the account.

    Raises:
        GoneError: The token does not work.
    """
    user_id = await redeem(session, settings, "confirm", token)
    await session.execute(update(User).where(User.id == user_id).values(confirmed_at=now()))
    await session.commit()


async def request_password_reset(session: AsyncSession, email: str) -> None:
    """Let the worker send a mail if there is such an account; here nobody looks."""
    enqueue(session, "password.forgotten", {"email": email})
    await session.commit()


async def reset_password(
    session: AsyncSession, settings: Settings, token: str, password: str
) -> None:
    """Set a new password and end all sessions. The mail has proven the address, too.

    Raises:
        GoneError: The token does not work.
    """
    password_hash = await hash_password(password)
    user_id = await redeem(session, settings, "reset", token)
    await session.execute(
        update(User)
        .where(User.id == user_id)
        .values(password_hash=password_hash, confirmed_at=func.coalesce(User.confirmed_at, now()))
    )
    await end_sessions(session, user_id)
    await session.commit()


async def change_me(
    session: AsyncSession, user_id: UUID, session_id: UUID, changes: MeChanges
) -> User:
    """Change an account; a new password ends all sessions but this one.

    Raises:
        ForbiddenError: The current password is missing or wrong.
    """
    user = await session.get_one(User, user_id)
    if changes.password is not MISSING:
        current = "" if changes.current_password is MISSING else changes.current_password
        if not await verify_password(current, user.password_hash):
            raise ForbiddenError("The current password is missing or wrong.")
        user.password_hash = await hash_password(changes.password)
        for other in await list_sessions(session, user_id):
            if other.id != session_id:
                await end_session(session, user_id, other.id)
    if changes.display_name is not MISSING:
        user.display_name = changes.display_name
        user.name_key = sort_key(changes.display_name)
    await session.commit()
    return user


async def find_user(session: AsyncSession, email: str) -> User | None:
    """Return the account with an address in small letters."""
    user: User | None = await session.scalar(select(User).where(User.email == email))
    return user
