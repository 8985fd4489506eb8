"""What clients send and get about their sessions."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.refresh_tokens import LoginSession
from app.schemas import TEXT_PATTERN, RequestBody, ResponseBody, Text


class Refresh(RequestBody):
    """A refresh token."""

    refresh_token: Annotated[
        Text, Field(min_length=1, max_length=200, json_schema_extra={"pattern": TEXT_PATTERN})
    ]


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
        """Return a stored session.

        Args:
            session: The session.
            current: That of whoever is asking.
        """
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
