"""The configuration of this application."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.configuration import CommonSettings, load
from app.rate_limits import RateLimit
from app.redis import RedisSettings

# The secret of .env.example; everybody knows it.
DEFAULT_BOOTSTRAP_SECRET = "change-me"  # noqa: S105


class Settings(RedisSettings, CommonSettings):
    """Settings of the URL shortener. Each field is an environment variable in upper case."""

    bootstrap_secret: Annotated[str, Field(min_length=8)] = DEFAULT_BOOTSTRAP_SECRET
    allow_private_hosts: bool = False
    cache_seconds: Annotated[int, Field(ge=1)] = 60
    flush_seconds: Annotated[float, Field(gt=0)] = 2
    rate_limit_per_address: RateLimit = "3000/minute"
    rate_limit_per_token: RateLimit = "600/minute"  # noqa: S105

    @model_validator(mode="after")
    def _refuse_the_default_secret_in_production(self) -> Self:
        if self.is_production and self.bootstrap_secret == DEFAULT_BOOTSTRAP_SECRET:
            raise ValueError(
                f"BOOTSTRAP_SECRET: {DEFAULT_BOOTSTRAP_SECRET!r} is the default secret; "
                "choose another one for production"
            )
        return self


def load_settings() -> Settings:
    """Read the configuration; a wrong value ends the process with a clear message."""
    return load(Settings)
