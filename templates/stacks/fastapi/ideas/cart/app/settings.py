"""The configuration: environment variables, read once and checked at start."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from app.broker import OutboxSettings
from app.configuration import load
from app.mail import MailSettings
from app.redis import RedisSettings


class Settings(OutboxSettings, MailSettings, RedisSettings):
    """The configuration of one process: what every application has, and how long sessions last."""

    session_idle_seconds: Annotated[int, Field(ge=1)] = 24 * 60 * 60
    session_max_seconds: Annotated[int, Field(ge=1)] = 7 * 24 * 60 * 60

    @property
    def session_idle(self) -> timedelta:
        return timedelta(seconds=self.session_idle_seconds)

    @property
    def session_max(self) -> timedelta:
        return timedelta(seconds=self.session_max_seconds)


def load_settings() -> Settings:
    """Read the configuration from the environment and the file .env.

    Raises:
        SystemExit: A value is missing or wrong.
    """
    return load(Settings)
