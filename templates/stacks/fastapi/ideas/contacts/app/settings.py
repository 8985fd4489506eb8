"""The configuration: environment variables, read once and checked at start."""

from app.configuration import load
from app.redis import RedisSettings


class Settings(RedisSettings):
    """The configuration of one process: what every application has, and Redis."""


def load_settings() -> Settings:
    """Read the configuration from the environment and the file .env.

    Raises:
        SystemExit: A value is missing or wrong.
    """
    return load(Settings)
