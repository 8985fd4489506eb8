"""What clients send and get about sessions."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.refresh_tokens import LoginSession
from app.schemas import RequestBody, ResponseBody, Text
from app.texts import NO_NULL
from app.users.schemas import Password


class Credentials(RequestBody):
    """What logs a user in."""

    email: Annotated[Text, Field(max_length=254, json_schema_extra=NO_NULL)]
    password: Password


class Refresh(RequestBody):
    """A refresh token."""

    refresh_token: Annotated[Text, Field(min_length=1, max_length=200, json_schema_extra=NO_NULL)]


class SessionBody(ResponseBody):
    """A session with its tokens."""

    id: UUID
    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1)]


class SessionInfo(ResponseBody):
    """A session without its tokens."""

    id: UUID
    user_agent: str | None
    current: bool
    created_at: datetime
    last_used_at: datetime

    @classmethod
    def of(cls, session: LoginSession, current: UUID | None) -> "SessionInfo":
        """Return a stored session."""
        return cls(
            id=session.id,
            user_agent=session.user_agent or None,
            current=session.id == current,
            created_at=session.started_at,
            last_used_at=session.used_at,
        )


class SessionList(ResponseBody):
    """Sessions."""

    items: list[SessionInfo]
