"""What clients send and get."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.common_passwords import uncommon
from app.fields import ANY_TEXT, Email, GivenEmail, GivenLine
from app.schemas import RequestBody, ResponseBody, Text
from app.users.models import Role, User

MAX_PASSWORD = 128


class NewUser(RequestBody):
    """An account to make."""

    email: GivenEmail
    name: GivenLine
    password: Annotated[
        Text,
        Field(min_length=10, max_length=MAX_PASSWORD, json_schema_extra=ANY_TEXT),
        uncommon,
    ]


class UserBody(ResponseBody):
    """An account."""

    id: UUID
    email: Email
    name: str
    role: Role
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> "UserBody":
        """Return a stored account as its owner sees it."""
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            role=user.role,
            created_at=user.created_at,
        )
