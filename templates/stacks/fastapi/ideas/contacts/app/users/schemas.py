"""What clients send and get."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.common_passwords import uncommon
from app.schemas import TEXT_PATTERN, RequestBody, ResponseBody, Text
from app.users.models import User

MAX_EMAIL = 254
MAX_PASSWORD = 128
# As HTML's <input type="email"> checks it. No colon: HTTP Basic could not send it.
_DOMAIN_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL_PATTERN = rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_DOMAIN_LABEL}(\.{_DOMAIN_LABEL})*$"


def is_email(text: str) -> bool:
    """Tell whether a text is an e-mail address."""
    return len(text) <= MAX_EMAIL and bool(re.fullmatch(EMAIL_PATTERN, text))


def _checked_email(text: str) -> str:
    if not is_email(text):
        raise PydanticCustomError("email", "Must be an e-mail address such as ada@example.com.")
    return text


Email = Annotated[
    Text,
    Field(max_length=MAX_EMAIL, json_schema_extra={"pattern": EMAIL_PATTERN}),
    AfterValidator(_checked_email),
]
NewPassword = Annotated[
    Text,
    Field(min_length=8, max_length=MAX_PASSWORD, json_schema_extra={"pattern": TEXT_PATTERN}),
    uncommon,
]


class NewUser(RequestBody):
    """An account to make."""

    email: Annotated[Email, AfterValidator(str.lower)]
    password: NewPassword


class UserBody(ResponseBody):
    """An account as its owner sees it."""

    id: UUID
    email: Annotated[str, Field(max_length=MAX_EMAIL)]
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> "UserBody":
        """Return a stored account as its owner sees it."""
        return cls(id=user.id, email=user.email, created_at=user.created_at)
