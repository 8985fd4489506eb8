"""The configuration: environment variables, read once and checked at start."""

from typing import Annotated

from pydantic import Field

from app.configuration import load
from app.rate_limits import RateLimit
from app.redis import RedisSettings
from app.tokens import TokenSettings


class Settings(TokenSettings, RedisSettings):
    """The configuration of one process."""

    # New accounts from one address.
    registration_limit: RateLimit = "30/minute"
    # Wrong passwords for one name.
    login_limit: RateLimit = "5/minute"
    # Tickets for one user.
    ticket_limit: RateLimit = "60/minute"
    # The limits of the WebSocket; docs/asyncapi.yaml tells them to clients.
    socket_frame_bytes: Annotated[int, Field(ge=1024, le=65_536)] = 16_384
    socket_frames_per_second: Annotated[int, Field(ge=1)] = 10
    socket_rooms: Annotated[int, Field(ge=1)] = 100
    socket_connections_per_user: Annotated[int, Field(ge=1)] = 10
    # How many frames may wait for a client before it counts as too slow.
    socket_queue: Annotated[int, Field(ge=8)] = 256


def load_settings() -> Settings:
    """Read the configuration from the environment and the file .env.

    Raises:
        SystemExit: A value is missing or wrong.
    """
    return load(Settings)
