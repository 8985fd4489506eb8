"""Kinds of values in requests that several resources have."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError

from app.common_passwords import uncommon
from app.schemas import TEXT_PATTERN, Text

MAX_EMAIL = 254
# As HTML's <input type="email"> checks it.
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL_PATTERN = rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*"

_SHOWN = r"^[^\x00]*[^\s\x00][^\x00]*$"
# What app.schemas.Text accepts, as a pattern for the document.
ANY_TEXT = Field(json_schema_extra={"pattern": TEXT_PATTERN})

Item = TypeVar("Item")


def _checked_email(text: str) -> str:
    if not re.fullmatch(EMAIL_PATTERN, text):
        raise PydanticCustomError("email", "Must be an e-mail address such as ada@example.com.")
    return text.lower()


def _checked_shown(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("shown", "Must not be all white space.")
    return text


def shown(max_length: int) -> Any:
    """Describe a text that shows something: not empty, and not only white space."""
    return Field(min_length=1, max_length=max_length, json_schema_extra={"pattern": _SHOWN})


is_shown = AfterValidator(_checked_shown)

Email = Annotated[
    Text,
    Field(min_length=3, max_length=MAX_EMAIL, json_schema_extra={"format": "email"}),
    AfterValidator(_checked_email),
]
Password = Annotated[Text, Field(min_length=8, max_length=128), ANY_TEXT, uncommon]
# Of a password that somebody has already: whatever they chose then.
GivenPassword = Annotated[Text, Field(max_length=128), ANY_TEXT]
DisplayName = Annotated[Text, shown(80), is_shown]
Name = Annotated[Text, shown(100), is_shown]
LongText = Annotated[Text, Field(max_length=10_000), ANY_TEXT]
# JSON has no UUIDs: without this, strict bodies would refuse the text of one.
JsonUuid = Annotated[UUID, Field(strict=False)]


def _once(items: list[Item]) -> list[Item]:
    if len(set(items)) < len(items):
        raise PydanticCustomError("unique", "Must not name anything twice.")
    return items


unique = AfterValidator(_once)

# A moment in a cursor. Clients could write cursors themselves: the ends of time have no UTC.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(9999, 1, 1, tzinfo=UTC)),
]
