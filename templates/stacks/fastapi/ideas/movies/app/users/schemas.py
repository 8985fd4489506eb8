"""What clients send and get about accounts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.common_passwords import uncommon
from app.schemas import RequestBody, ResponseBody, Text
from app.texts import NO_NULL
from app.users.models import User

Scope = Literal["movies:write"]
Scopes = Annotated[list[Scope], Field(max_length=10)]
Username = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{2,29}$")]
Password = Annotated[
    Text,
    Field(min_length=10, max_length=128, json_schema_extra=NO_NULL),
    uncommon,
]


class NewUser(RequestBody):
    """An account to create."""

    username: Username
    password: Password


class PasswordChange(RequestBody):
    """A new password, and the one that it replaces."""

    current_password: Annotated[Text, Field(max_length=1000, json_schema_extra=NO_NULL)]
    password: Password


class UserBody(ResponseBody):
    """An account as its owner sees it."""

    id: UUID
    username: Username
    scopes: Scopes
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> "UserBody":
        """Return a stored account."""
        return cls.model_validate(
            {
                "id": user.id,
                "username": user.username,
                "scopes": sorted(user.scopes),
                "createdAt": user.created_at,
            }
        )
