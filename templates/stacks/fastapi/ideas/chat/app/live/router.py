"""The WebSocket's handshake."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, WebSocket

from app.database import Database
from app.error_handlers import error_response
from app.errors import ServiceError
from app.live.connection import Connection
from app.live.dependencies import CurrentHub
from app.live.tickets import redeem_ticket
from app.settings import Settings

router = APIRouter()


@router.websocket("/ws")
async def open_socket(
    socket: WebSocket, hub: CurrentHub, ticket: Annotated[str, Query(max_length=200)] = ""
) -> None:
    """Take a client in, if it has a ticket and comes from where it may."""
    settings: Settings = socket.app.state.settings
    database: Database = socket.app.state.database
    if not _is_allowed(socket, settings):
        await _refuse(socket, 403, "Pages of this origin may not connect.")
        return
    async with database.session() as session:
        user = await redeem_ticket(session, ticket)
    if user is None:
        await _refuse(socket, 401, "The ticket is not valid, or not any more.")
        return
    if hub.presence.connections(user.id) >= settings.socket_connections_per_user:
        await _refuse(socket, 429, "Too many connections.")
        return
    await socket.accept()
    await Connection(socket, user.id, hub, database, settings).run()


def _is_allowed(socket: WebSocket, settings: Settings) -> bool:
    """Tell whether a page of the request's origin may connect.

    Browsers send the origin and enforce nothing: without this check any page could use the
    service in its visitor's name, had it a ticket. Programs send none.
    """
    origin = socket.headers.get("origin")
    if origin is None or "*" in settings.cors_allowed_origins:
        return True
    own = settings.public_url or str(socket.base_url)
    return (
        origin in settings.cors_allowed_origins or urlsplit(origin).netloc == urlsplit(own).netloc
    )


async def _refuse(socket: WebSocket, status: int, detail: str) -> None:
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "10"}}.get(status)
    error = ServiceError(detail, status=status, headers=headers)
    await socket.send_denial_response(error_response(error))
