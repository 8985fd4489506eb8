"""The WebSocket's handshake."""

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, WebSocket

from app.database import Database, is_unavailable
from app.error_handlers import error_response
from app.errors import DatabaseUnavailableError, ServiceError
from app.live.connection import Connection
from app.live.dependencies import CurrentHub
from app.live.tickets import redeem_ticket
from app.refusals import ForbiddenError
from app.settings import Settings
from app.tokens import UnauthorizedError

router = APIRouter()


def without_ticket(record: logging.LogRecord) -> bool:
    """Take tickets out of what uvicorn logs: the whole address of every WebSocket."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            "/ws" if str(value).startswith("/ws?") else value for value in record.args
        )
    return True


logging.getLogger("uvicorn.error").addFilter(without_ticket)


class TooManyConnectionsError(ServiceError):
    """The user has as many connections as one may have."""

    status = 429
    detail = "Too many connections."
    headers: Mapping[str, str] = {"Retry-After": "10"}


@router.websocket("/ws")
async def open_socket(socket: WebSocket, hub: CurrentHub, ticket: str = "") -> None:
    """Take a client in, if it has a ticket and comes from where it may."""
    settings: Settings = socket.app.state.settings
    database: Database = socket.app.state.database
    try:
        if not _is_allowed(socket, settings):
            raise ForbiddenError("Pages of this origin may not connect.")
        user_id = await _whose(ticket, database)
        if hub.presence.connections(user_id) >= settings.socket_connections_per_user:
            raise TooManyConnectionsError
    except ServiceError as error:
        await socket.send_denial_response(error_response(error))
        return
    await socket.accept()
    await Connection(socket, user_id, hub, database, settings).run()


async def _whose(ticket: str, database: Database) -> UUID:
    """Use a ticket up and return whose it was.

    Raises:
        UnauthorizedError: It is none, or not any more.
        DatabaseUnavailableError: The database cannot be reached.
    """
    try:
        async with database.session() as session:
            user_id = await redeem_ticket(session, ticket)
    except Exception as error:
        if is_unavailable(error):
            raise DatabaseUnavailableError from error
        raise
    if user_id is None:
        raise UnauthorizedError("The ticket is not valid, or not any more.")
    return user_id


def _is_allowed(socket: WebSocket, settings: Settings) -> bool:
    """Tell whether a page of the request's origin may connect.

    Browsers send the origin and enforce nothing: without this check any page could use the
    service in its visitor's name, had it a ticket. Programs send none.
    """
    origin = socket.headers.get("origin")
    allowed = settings.cors_allowed_origins
    if origin is None or "*" in allowed or origin in allowed:
        return True
    own = settings.public_url or str(socket.base_url)
    return urlsplit(origin).netloc == urlsplit(own).netloc
