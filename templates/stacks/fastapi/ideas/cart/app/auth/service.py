"""Sessions: how they begin, are found, and end. Knows the database and nothing of HTTP."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import WebSession
from app.auth.schemas import Credentials
from app.carts.models import Cart
from app.carts.service import merge_carts
from app.clock import now
from app.errors import ServiceError
from app.passwords import verify_password
from app.settings import Settings
from app.users.models import User
from app.users.service import find_user

# A session's last use is written down again after this time: not each request is worth a write.
USE_PRECISION = timedelta(minutes=1)
# Made once: nearly every request runs it.
VISITOR = (
    select(WebSession.id, WebSession.last_used_at, User, Cart.id)
    .select_from(WebSession)
    .outerjoin(User, User.id == WebSession.user_id)
    .join(Cart, or_(Cart.session_id == WebSession.id, Cart.user_id == WebSession.user_id))
    .where(
        WebSession.id == bindparam("session_id"),
        WebSession.last_used_at > bindparam("used_after"),
        WebSession.created_at > bindparam("begun_after"),
    )
)


class UnauthorizedError(ServiceError):
    """Nobody is logged in, or who tries to gives the wrong address or password."""

    status = 401
    detail = "Log in first."
    # RFC 9110 wants to know how; there is no registered name for sessions in cookies.
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Cookie realm="shop"'}


@dataclass(frozen=True)
class Visitor:
    """A client with a session.

    Args:
        session_id: The hash of the session's id.
        cart_id: The account's cart, or else the session's.
        user: Who is logged in, if anybody is.
    """

    session_id: str
    cart_id: UUID
    user: User | None

    @property
    def user_id(self) -> UUID | None:
        return self.user.id if self.user else None


def hash_of(session_id: str) -> str:
    """Return what is stored of a session's id."""
    return hashlib.sha256(session_id.encode()).hexdigest()


def csrf_token_of(session_id: str) -> str:
    """Return the CSRF token of a session.

    It is made from the id, so it is new whenever the id is, and stored nowhere. Nobody who knows
    only the token can find the id.
    """
    return hmac.new(session_id.encode(), b"csrf token", "sha256").hexdigest()


async def begin_session(session: AsyncSession, user: User | None = None) -> str:
    """Begin a session, with an empty cart if it belongs to nobody, and return its id.

    A reader of `GET /csrf` has no transaction (app/database.py), so its session may be stored and
    its cart not. Such a session is not found, and the client begins another one.
    """
    session_id = secrets.token_urlsafe(32)
    moment = now()
    stored = WebSession(
        id=hash_of(session_id),
        user_id=user.id if user else None,
        created_at=moment,
        last_used_at=moment,
    )
    session.add(stored)
    await session.flush()
    if user is None:
        session.add(Cart(session_id=stored.id, changed_at=moment))
    await session.commit()
    return session_id


async def find_visitor(
    session: AsyncSession, settings: Settings, session_id: str
) -> Visitor | None:
    """Return who has this session; None when there is no such session or it has ended."""
    moment = now()
    parameters = {
        "session_id": hash_of(session_id),
        "used_after": moment - settings.session_idle,
        "begun_after": moment - settings.session_max,
    }
    found = (await session.execute(VISITOR, parameters)).one_or_none()
    if found is None:
        return None
    stored_id, last_used_at, user, cart_id = found
    if last_used_at < moment - min(USE_PRECISION, settings.session_idle / 10):
        await session.execute(
            update(WebSession).where(WebSession.id == stored_id).values(last_used_at=moment)
        )
        await session.commit()
    return Visitor(stored_id, cart_id, user)


async def log_in(
    session: AsyncSession, settings: Settings, visitor: Visitor, credentials: Credentials
) -> tuple[User, str]:
    """Replace a session by a new one that belongs to an account.

    Its cart moves into the account's cart, unless somebody was logged in before.

    Returns:
        The account, and the new session's id.

    Raises:
        UnauthorizedError: There is no such account, or the password is another.
        ForbiddenError: The session has just ended, by another login.
    """
    user = await find_user(session, credentials.email)
    if not await verify_password(credentials.password, user.password_hash if user else None):
        user = None
    if user is None:
        raise UnauthorizedError("The address or the password is wrong.")
    if visitor.user is None:
        await merge_carts(session, visitor.cart_id, user.id)
    # Whoever knew the old id, or planted it, has nothing.
    await session.execute(delete(WebSession).where(WebSession.id == visitor.session_id))
    # Somebody has to, and logging in is rare.
    await delete_ended_sessions(session, settings)
    return user, await begin_session(session, user)


async def log_out(session: AsyncSession, visitor: Visitor) -> None:
    """End a session."""
    await session.execute(delete(WebSession).where(WebSession.id == visitor.session_id))
    await session.commit()


async def delete_ended_sessions(session: AsyncSession, settings: Settings) -> None:
    """Delete the sessions that have ended, and with them the carts of visitors.

    The caller commits.
    """
    moment = now()
    await session.execute(
        delete(WebSession).where(
            or_(
                WebSession.last_used_at <= moment - settings.session_idle,
                WebSession.created_at <= moment - settings.session_max,
            )
        )
    )
