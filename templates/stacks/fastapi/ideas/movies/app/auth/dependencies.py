"""Who is asking, and where their question is answered, as dependencies of routes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.service import MOVIES_WRITE, SignedIn, authenticate
from app.clock import now
from app.database import Database, Session
from app.replica import opened, reads_from_replica, remember_write
from app.tokens import BearerCredentials, UnauthorizedError

SAFE_METHODS = {"GET", "HEAD"}


async def get_current_user(
    request: Request, session: Session, credentials: BearerCredentials
) -> SignedIn:
    """Return who is asking.

    Raises:
        UnauthorizedError: There is no token, or it is not valid.
    """
    if credentials is None:
        raise UnauthorizedError
    me = await authenticate(session, request.app.state.settings, credentials.credentials)
    if request.method not in SAFE_METHODS:
        await remember_write(request.app, session, me.user.id)
    return me


CurrentUser = Annotated[SignedIn, Depends(get_current_user)]


async def require_editor(me: CurrentUser) -> SignedIn:
    """Make sure that whoever asks may change the catalogue.

    Raises:
        ForbiddenError: They may not.
    """
    me.require(MOVIES_WRITE)
    return me


# For routes which only have to know that it is one: `dependencies=[EDITOR]`.
EDITOR = Depends(require_editor)


@dataclass(frozen=True)
class Reading:
    """Where a read is answered, and for whom.

    Args:
        session: On the primary or on the replica.
        me: Who is asking; None is anybody.
    """

    session: AsyncSession
    me: SignedIn | None


async def get_reading(request: Request, credentials: BearerCredentials) -> AsyncIterator[Reading]:
    """Give a read its session: on the replica if there is one, unless its user has just written.

    Raises:
        InvalidTokenError: There is a token, and it is not valid.
        DatabaseUnavailableError: The database cannot be reached.
    """
    primary: Database = request.app.state.database
    replica: Database | None = request.app.state.replica
    if credentials is None:
        async with opened(replica or primary) as session:
            yield Reading(session, None)
        return
    async with opened(primary) as session:
        me = await authenticate(session, request.app.state.settings, credentials.credentials)
        if replica is None or not reads_from_replica(me.user, now()):
            yield Reading(session, me)
            return
    async with opened(replica) as session:
        yield Reading(session, me)


# With scope "function" the connection goes back before the answer is sent, as in app/database.py.
Read = Annotated[Reading, Depends(get_reading, scope="function")]
