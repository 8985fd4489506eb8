"""What clients send and get about sessions."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.fields import ANY_TEXT, MAX_EMAIL, GivenPassword
from app.schemas import RequestBody, ResponseBody, Text


class Credentials(RequestBody):
    """What logs a user in."""

    email: Annotated[Text, Field(max_length=MAX_EMAIL), ANY_TEXT]
    password: GivenPassword


class Refresh(RequestBody):
    """A refresh token."""

    refresh_token: Annotated[Text, Field(min_length=1, max_length=200), ANY_TEXT]


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


class SessionList(ResponseBody):
    """Sessions."""

    items: list[SessionInfo]
