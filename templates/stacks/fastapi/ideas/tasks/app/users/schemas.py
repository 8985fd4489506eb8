"""What clients send and get about accounts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, Field

from app.fields import DisplayName, Email, GivenPassword, Password
from app.schemas import RequestBody, ResponseBody
from app.users.models import User

MailedToken = Annotated[str, Field(min_length=1, max_length=200, pattern="^[A-Za-z0-9_-]+$")]


class NewUser(RequestBody):
    """An account to make."""

    email: Email
    display_name: DisplayName
    password: Password


class Confirmation(RequestBody):
    """The token of a mail."""

    token: MailedToken


class PasswordReset(RequestBody):
    """Whose password was forgotten."""

    email: Email


class NewPassword(RequestBody):
    """A new password, and the proof that one may set it."""

    token: MailedToken
    password: Password


class MeChanges(RequestBody):
    """The fields to change; the others stay as they are."""

    display_name: DisplayName | MISSING = MISSING
    password: Password | MISSING = MISSING
    current_password: GivenPassword | MISSING = MISSING


class Accepted(ResponseBody):
    """The request was taken; what follows, follows by mail."""

    detail: str


class UserBody(ResponseBody):
    """A user as others see them."""

    id: UUID
    display_name: str


class Me(ResponseBody):
    """The user as they see themselves."""

    id: UUID
    email: Annotated[str, Field(json_schema_extra={"format": "email"})]
    display_name: str
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> "Me":
        """Return a stored account as its owner sees it."""
        return cls(
            id=user.id,
            email=user.email,
            display_name=user.display_name,
            created_at=user.created_at,
        )


def user_or_none(user_id: UUID | None, display_name: str | None) -> UserBody | None:
    """Return a user as others see them, or None where an outer join has found nobody."""
    if user_id is None or display_name is None:
        return None
    return UserBody(id=user_id, display_name=display_name)
