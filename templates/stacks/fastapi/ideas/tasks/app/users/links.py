"""Tokens that are sent by mail: each works once, and for a while.

A token is an id and its signature. Neither the database nor the outbox holds what would open an
account, and a mail that has to be sent again has the same token again.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import ServiceError
from app.settings import Settings
from app.users.models import MailToken, Purpose

LIFETIMES: Mapping[Purpose, timedelta] = {
    "confirm": timedelta(days=1),
    "reset": timedelta(hours=1),
}


class GoneError(ServiceError):
    """The token was used or is too old, or never was one."""

    status = 410
    detail = "This link does not work any more."


def token_of(settings: Settings, purpose: Purpose, token_id: UUID) -> str:
    """Return the token with an id."""
    return f"{token_id.hex}-{_signature(settings, purpose, token_id)}"


async def store(session: AsyncSession, purpose: Purpose, token_id: UUID, user_id: UUID) -> None:
    """Make a token work, and the user's earlier ones not any more; the caller commits."""
    await session.execute(
        delete(MailToken).where(MailToken.user_id == user_id, MailToken.purpose == purpose)
    )
    expires_at = now() + LIFETIMES[purpose]
    session.add(MailToken(id=token_id, user_id=user_id, purpose=purpose, expires_at=expires_at))


async def redeem(session: AsyncSession, settings: Settings, purpose: Purpose, token: str) -> UUID:
    """Use up a token, in the caller's transaction, and return whose it is.

    Raises:
        GoneError: It does not work, or not any more.
    """
    token_id, _, signature = token.partition("-")
    try:
        known = UUID(token_id)
    except ValueError:
        raise GoneError from None
    if not hmac.compare_digest(_signature(settings, purpose, known), signature):
        raise GoneError
    # Of several requests with the same token the database lets one delete the row.
    statement = (
        delete(MailToken)
        .where(MailToken.id == known, MailToken.purpose == purpose, MailToken.expires_at > now())
        .returning(MailToken.user_id)
    )
    user_id: UUID | None = await session.scalar(statement)
    if user_id is None:
        raise GoneError
    return user_id


def _signature(settings: Settings, purpose: Purpose, token_id: UUID) -> str:
    secret = settings.secret_key.get_secret_value().encode()
    return hmac.new(secret, f"mail:{purpose}:{token_id}".encode(), hashlib.sha256).hexdigest()
