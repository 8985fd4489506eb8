"""The configuration: environment variables, read once and checked at start."""

from typing import Annotated

from pydantic import Field

from app.configuration import load
from app.media.storage import MediaSettings
from app.oidc.providers import OidcSettings
from app.rate_limits import RateLimit
from app.redis import RedisSettings
from app.refresh_tokens import RefreshTokenSettings
from app.tokens import TokenSettings


class Settings(TokenSettings, RefreshTokenSettings, RedisSettings, MediaSettings, OidcSettings):
    """The configuration of one process."""

    # Short, because a token outlives the end of its session.
    access_token_seconds: Annotated[int, Field(ge=1, le=31_536_000)] = 900
    # Wrong passwords for one address.
    login_limit: RateLimit = "5/minute"
    # New accounts from one network address.
    registration_limit: RateLimit = "100/hour"
    # Whatever else can be asked for without a token, from one network address and for each route.
    anonymous_limit: RateLimit = "120/minute"
    # What one account may do, for each route.
    write_limit: RateLimit = "120/minute"
    export_limit: RateLimit = "10/hour"
    # The posts of accounts with more followers are read when a timeline is, not written into it.
    fan_out_followers: Annotated[int, Field(ge=0, le=1_000_000)] = 1000


def load_settings() -> Settings:
    """Read the configuration from the environment and the file .env.

    Raises:
        SystemExit: A value is missing or wrong.
    """
    return load(Settings)
