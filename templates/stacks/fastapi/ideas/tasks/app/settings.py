"""The configuration: environment variables, read once and checked at start."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.broker import OutboxSettings
from app.configuration import load
from app.mail import MailSettings
from app.rate_limits import RateLimit
from app.redis import RedisSettings
from app.refresh_tokens import RefreshTokenSettings
from app.tokens import TokenSettings


def _checked_frontend_url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return text.rstrip("/")


class Settings(OutboxSettings, MailSettings, RefreshTokenSettings, TokenSettings, RedisSettings):
    """The configuration of one process."""

    # Short, because a refresh token brings the next one.
    access_token_seconds: Annotated[int, Field(ge=1, le=31_536_000)] = 900
    # Where the links in mails lead: the web application in front of this one.
    frontend_url: Annotated[str, AfterValidator(_checked_frontend_url)] = "http://localhost:3000"
    email_confirmation: bool = False
    # Wrong passwords for one account from one address.
    login_limit: RateLimit = "5/minute"
    # Wrong passwords of somebody who wants to change theirs.
    password_limit: RateLimit = "5/minute"  # noqa: S105 - a limit, no password
    # New accounts from one address.
    registration_limit: RateLimit = "100/hour"
    # Mails that one address gets to set a new password.
    reset_limit: RateLimit = "5/hour"
    # Invitations that one user sends.
    invitation_limit: RateLimit = "100/hour"

    @property
    def confirms_email(self) -> bool:
        """Whether an account works only when its address is confirmed."""
        return self.is_production or self.email_confirmation


def load_settings() -> Settings:
    """Read the configuration from the environment and the file .env.

    Raises:
        SystemExit: A value is missing or wrong.
    """
    return load(Settings)
