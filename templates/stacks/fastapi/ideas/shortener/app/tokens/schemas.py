"""What the administrator sends and gets."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas import TEXT_PATTERN, RequestBody, ResponseBody, Text
from app.tokens.models import Token

MAX_NAME = 100


class NewToken(RequestBody):
    """A token to create."""

    name: Annotated[
        Text,
        Field(min_length=1, max_length=MAX_NAME, json_schema_extra={"pattern": TEXT_PATTERN}),
    ]


class TokenBody(ResponseBody):
    """What is known of a token, but not the token itself."""

    id: UUID
    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    created_at: datetime

    @classmethod
    def of(cls, token: Token) -> "TokenBody":
        """Return a stored token as the administrator sees it."""
        return cls(id=token.id, name=token.name, created_at=token.created_at)


class CreatedTokenBody(TokenBody):
    """A new token; only this answer shows it."""

    token: str
