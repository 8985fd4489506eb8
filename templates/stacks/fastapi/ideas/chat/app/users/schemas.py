"""What clients send and get about people."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, Field

from app.common_passwords import uncommon
from app.schemas import TEXT_PATTERN, RequestBody, ResponseBody, Text
from app.users.models import User

_PATTERN = r"^[^\x00]*\S[^\x00]*$"
# Any text that shows something: no U+0000, and not only white space. The document has to be told.
SHOWN = Field(min_length=1, pattern=_PATTERN, json_schema_extra={"pattern": _PATTERN})
ANY_TEXT = Field(json_schema_extra={"pattern": TEXT_PATTERN})

Username = Annotated[str, Field(pattern="^[a-z0-9_]{3,30}$")]
DisplayName = Annotated[Text, Field(max_length=50), SHOWN]
Password = Annotated[Text, Field(min_length=8, max_length=128), ANY_TEXT, uncommon]


class NewUser(RequestBody):
    """An account to make."""

    username: Username
    display_name: DisplayName | MISSING = MISSING
    password: Password


class UserBody(ResponseBody):
    """A user as others see them."""

    id: UUID
    username: Username
    display_name: str
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> "UserBody":
        """Return a stored user as clients see them."""
        return cls(
            id=user.id,
            username=user.username,
            display_name=user.display_name,
            created_at=user.created_at,
        )
