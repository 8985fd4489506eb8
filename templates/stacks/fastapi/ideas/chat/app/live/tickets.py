"""Tickets for the WebSocket: they work once, and for half a minute."""

import hashlib
import secrets
from datetime import timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request, status
from pydantic import Field
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.dependencies import CurrentUser
from app.clock import now
from app.database import Session
from app.live.models import Ticket
from app.openapi import problems
from app.rate_limits import Limits
from app.schemas import ResponseBody
from app.settings import Settings
from app.users.models import User

SECONDS: Final = 30

router = APIRouter(tags=["WebSocket"], responses=problems(401, 500, 503))


class TicketBody(ResponseBody):
    """A ticket for one WebSocket."""

    ticket: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{32,64}$")]
    expires_in: Literal[30]


@router.post("/ws-tickets", status_code=status.HTTP_201_CREATED, responses=problems(429))
async def create_ticket(
    request: Request, session: Session, me: CurrentUser, limits: Limits
) -> TicketBody:
    """Get a ticket for the WebSocket."""
    settings: Settings = request.app.state.settings
    await limits.hit(settings.ticket_limit, "ticket", str(me.id))
    return TicketBody(ticket=await issue_ticket(session, me), expires_in=SECONDS)


async def issue_ticket(session: AsyncSession, user: User) -> str:
    """Return a new ticket, and forget those that nobody used in time."""
    ticket = secrets.token_urlsafe(32)
    moment = now()
    await session.execute(delete(Ticket).where(Ticket.expires_at <= moment))
    expires_at = moment + timedelta(seconds=SECONDS)
    session.add(Ticket(token_hash=_hash(ticket), user_id=user.id, expires_at=expires_at))
    await session.commit()
    return ticket


async def redeem_ticket(session: AsyncSession, ticket: str) -> UUID | None:
    """Return whose ticket it is and use it up; None if it is none, or not any more.

    It is deleted in one statement: of two who bring the same one, one gets in.
    """
    statement = (
        delete(Ticket)
        .where(Ticket.token_hash == _hash(ticket), Ticket.expires_at > now())
        .returning(Ticket.user_id)
    )
    user_id: UUID | None = await session.scalar(statement)
    await session.commit()
    return user_id


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "replace")).hexdigest()
