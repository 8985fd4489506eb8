"""The configuration: environment variables, read once and checked at start."""

from app.configuration import load
from app.rate_limits import RateLimit
from app.redis import RedisSettings
from app.replica import ReplicaSettings
from app.tokens import TokenSettings


class Settings(TokenSettings, RedisSettings, ReplicaSettings):
    """The configuration of one process."""

    # Wrong passwords for one name from one address.
    login_limit: RateLimit = "10/minute"
    # New accounts from one address.
    registration_limit: RateLimit = "100/hour"


def load_settings() -> Settings:
    """Read the configuration from the environment and the file .env.

    Raises:
        SystemExit: A value is missing or wrong.
    """
    return load(Settings)
