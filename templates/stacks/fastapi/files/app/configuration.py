"""What can be configured in every application, and how the configuration is read.

app/settings.py adds what only this application has.
"""

import re
import sys
from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_DATABASE_URL = "sqlite:///data/app.db"
# The password of compose.yaml and .env.example; everybody knows it.
DEFAULT_PASSWORD = "change-me"  # noqa: S105
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


def _checked_database_url(text: str) -> str:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("is not a URL") from None
    if url.drivername not in DRIVERS:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if not url.database:
        raise ValueError("has no database")
    return text


def _checked_origin(text: str) -> str:
    if text != "*" and not re.fullmatch(r"https?://[^/?#\s]+", text):
        raise ValueError(f"{text!r} is not an origin such as https://app.example.com")
    return text


def _checked_public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be an absolute http or https URL without query and fragment")
    return text.rstrip("/")


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class CommonSettings(BaseSettings):
    """Settings of every application. Each field is an environment variable in upper case."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    environment: Literal["development", "production"] = "development"
    database_url: Annotated[str, AfterValidator(_checked_database_url)] = DEFAULT_DATABASE_URL
    # Reachable from this machine only; the image listens on every interface.
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] | None = None
    cors_allowed_origins: Annotated[
        tuple[Annotated[str, AfterValidator(_checked_origin)], ...],
        NoDecode,
        BeforeValidator(_split),
    ] = ("*",)
    max_body_bytes: Annotated[int, Field(ge=1)] = 1_048_576
    public_url: Annotated[str, AfterValidator(_checked_public_url)] | None = None
    forwarded_allow_ips: str = "127.0.0.1"

    @model_validator(mode="after")
    def _refuse_defaults_in_production(self) -> Self:
        if not self.is_production:
            return self
        if "database_url" not in self.model_fields_set:
            raise ValueError("DATABASE_URL: must be set in production")
        if self.sqlalchemy_url.password == DEFAULT_PASSWORD:
            raise ValueError(
                f"DATABASE_URL: {DEFAULT_PASSWORD!r} is the default password; "
                "choose another one for production"
            )
        return self

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def json_logs(self) -> bool:
        return self.is_production if self.log_format is None else self.log_format == "json"

    @cached_property
    def sqlalchemy_url(self) -> URL:
        """The database's URL with the driver that the application uses."""
        url = make_url(self.database_url)
        # Hosting companies write sslmode, as libpq calls it; asyncpg calls it ssl.
        query = {"ssl" if key == "sslmode" else key: value for key, value in url.query.items()}
        return url.set(drivername=DRIVERS[url.drivername], query=query)


AnySettings = TypeVar("AnySettings", bound=CommonSettings)


def load(kind: type[AnySettings]) -> AnySettings:
    """Read the configuration from the environment and the file .env.

    Raises:
        SystemExit: A value is missing or wrong. The message names each variable, but not
            its value, which may be a secret; the process ends with exit code 1.
    """
    try:
        return kind()
    except ValidationError as error:
        sys.exit("\n".join(_describe(error)))


def _describe(error: ValidationError) -> list[str]:
    lines = []
    for item in error.errors(include_input=False, include_url=False):
        variable = f"{str(item['loc'][0]).upper()}: " if item["loc"] else ""
        message = item["msg"].removeprefix("Value error, ")
        lines.append(f"Configuration error: {variable}{message}")
    return lines
