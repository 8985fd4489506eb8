"""What clients send and get."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal, LiteralString, TypeVar
from uuid import UUID

from pydantic import (
    MISSING,
    AfterValidator,
    ConfigDict,
    Field,
    JsonValue,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError
from sqlalchemy import Row

from app.contacts.folding import fold
from app.contacts.models import Contact
from app.contacts.phones import normalize_phone
from app.days import Day
from app.pages import PageParameters
from app.problems import Problem
from app.schemas import TEXT_PATTERN, RequestBody, ResponseBody, Text, strict_boolean
from app.users.schemas import Email

MAX_NAME = 100
MAX_GROUP = 50
MAX_ROWS = 10_000

# The patterns of the contract. Control characters, line ends among them, and then white space.
_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_SPACE = r"\x20\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
LINE = rf"^[^{_CONTROL}]*$"
FILLED_LINE = rf"^[^{_CONTROL}]*[^{_CONTROL}{_SPACE}][^{_CONTROL}]*$"
FILLED_LABEL = rf"^[^{_CONTROL}:]*[^{_CONTROL}:{_SPACE}][^{_CONTROL}:]*$"
LINES = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
NAMELESS = "A contact needs a first name, a last name or a company."

Item = TypeVar("Item")


def _at_most(length: int, pattern: str) -> Any:
    """Say how long a text may be, and by which pattern the document describes it."""
    return Field(max_length=length, json_schema_extra={"pattern": pattern})


def _fits(pattern: str, detail: LiteralString) -> AfterValidator:
    """Check a pattern; Pydantic would do that too, but answer the pattern as the reason."""
    compiled = re.compile(pattern)

    def checked(text: str) -> str:
        if not compiled.fullmatch(text):
            raise PydanticCustomError("text", detail)
        return text.strip()

    return AfterValidator(checked)


def _none_if_empty(text: str | None) -> str | None:
    return text or None


_is_line = _fits(LINE, "Must not contain line ends or other control characters.")
_is_filled = _fits(
    FILLED_LINE, "Must not be empty, nor contain line ends or other control characters."
)
_is_label = _fits(
    FILLED_LABEL, "Must not be empty, nor contain colons, line ends or other control characters."
)
_are_lines = _fits(LINES, "Must not contain control characters; lines end with a line feed.")
_optional = AfterValidator(_none_if_empty)

Line = Annotated[Annotated[Text, _at_most(MAX_NAME, LINE), _is_line] | None, _optional]
Address = Annotated[Annotated[Text, _at_most(500, LINES), _are_lines] | None, _optional]
Notes = Annotated[Annotated[Text, _at_most(2000, LINES), _are_lines] | None, _optional]
Label = Annotated[Text, _at_most(30, FILLED_LABEL), _is_label]
Phone = Annotated[Text, _at_most(50, FILLED_LINE), _is_filled, AfterValidator(normalize_phone)]
Group = Annotated[Text, _at_most(MAX_GROUP, FILLED_LINE), _is_filled]


class LabeledEmail(RequestBody):
    """An e-mail and what it is for."""

    label: Label = "other"
    value: Email


class LabeledPhone(RequestBody):
    """A phone and what it is for."""

    label: Label = "other"
    value: Phone


def _once(key: Callable[[Item], str]) -> Any:
    """Keep only the first of the items with the same key."""

    def without_repeats(items: list[Item]) -> list[Item]:
        kept: dict[str, Item] = {}
        for item in items:
            kept.setdefault(key(item), item)
        return list(kept.values())

    return AfterValidator(without_repeats)


def _email_key(email: LabeledEmail) -> str:
    return email.value.lower()


Emails = Annotated[list[LabeledEmail], Field(max_length=10), _once(_email_key)]
Phones = Annotated[list[LabeledPhone], Field(max_length=10)]
Groups = Annotated[list[Group], Field(max_length=20), _once(fold)]
_FILLED_STRING: dict[str, JsonValue] = {
    "type": "string",
    "maxLength": MAX_NAME,
    "pattern": FILLED_LINE,
}


class NewContact(RequestBody):
    """A contact to create, or what replaces one."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {
                    "type": "object",
                    "anyOf": [
                        {"required": [name], "properties": {name: _FILLED_STRING}}
                        for name in ("firstName", "lastName", "company")
                    ],
                }
            ]
        }
    )

    first_name: Line = None
    last_name: Line = None
    company: Line = None
    job_title: Line = None
    emails: Emails = Field(default=[])
    phones: Phones = Field(default=[])
    address: Address = None
    birthday: Day | None = None
    notes: Notes = None
    favorite: bool = False
    groups: Groups = Field(default=[])

    @model_validator(mode="after")
    def _has_a_name(self) -> "NewContact":
        if not (self.first_name or self.last_name or self.company):
            raise PydanticCustomError("name", NAMELESS)
        return self


class ContactChanges(RequestBody):
    """The fields of a contact to change; the others stay as they are."""

    first_name: Line | MISSING = MISSING
    last_name: Line | MISSING = MISSING
    company: Line | MISSING = MISSING
    job_title: Line | MISSING = MISSING
    emails: Emails | MISSING = MISSING
    phones: Phones | MISSING = MISSING
    address: Address | MISSING = MISSING
    birthday: Day | MISSING | None = MISSING
    notes: Notes | MISSING = MISSING
    favorite: bool | MISSING = MISSING
    groups: Groups | MISSING = MISSING


Sort = Literal[
    "lastName", "-lastName", "firstName", "-firstName",
    "company", "-company", "createdAt", "-createdAt",
]  # fmt: skip


class ContactQuery(PageParameters):
    """Which contacts a list has, in which order, and which page of them."""

    q: Annotated[
        str | None,
        Field(
            max_length=200,
            pattern=TEXT_PATTERN,
            description="Only with this text in names, company, e-mails or phones.",
        ),
    ] = None
    group: Annotated[
        str | None,
        Field(max_length=MAX_GROUP, pattern=TEXT_PATTERN, description="Only in this group."),
    ] = None
    favorite: Annotated[
        bool | None, Field(description="Only favorites, or only others."), strict_boolean
    ] = None
    sort: Annotated[Sort, Field(description="The order; with `-` backwards.")] = "lastName"


class Entry(ResponseBody):
    """An e-mail or a phone as it is stored."""

    label: str
    value: str


class ContactBody(ResponseBody):
    """A contact as it is stored."""

    id: UUID
    first_name: str | None
    last_name: str | None
    company: str | None
    job_title: str | None
    emails: Annotated[list[Entry], Field(max_length=10)]
    phones: Annotated[list[Entry], Field(max_length=10)]
    address: str | None
    birthday: date | None
    notes: str | None
    favorite: bool
    groups: Annotated[list[str], Field(max_length=20)]
    created_at: datetime
    updated_at: datetime

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, from_attributes=True)

    @classmethod
    def of(cls, contact: Contact | Row[Any]) -> "ContactBody":
        """Return a stored contact as its owner sees it."""
        return cls.model_validate(contact)


class RefusedRow(ResponseBody):
    """A row of an import that cannot be stored."""

    line: Annotated[int, Field(ge=1)]
    detail: str


class ImportReport(ResponseBody):
    """What an import did."""

    created: Annotated[int, Field(ge=0)]
    updated: Annotated[int, Field(ge=0)]
    refused: Annotated[int, Field(ge=0)]
    errors: Annotated[list[RefusedRow], Field(max_length=MAX_ROWS)]


class ConflictingContact(ResponseBody):
    """The contact that is in the way."""

    id: UUID
    name: str


class ConflictProblem(Problem):
    """A problem that names the contact which is in the way, when one is."""

    contact: ConflictingContact | MISSING = MISSING


class InvalidRow(ResponseBody):
    """A row of a file, or a query parameter, that is not valid."""

    line: Annotated[int, Field(ge=1)] | MISSING = MISSING
    parameter: str | MISSING = MISSING
    detail: str


class InvalidImportProblem(Problem):
    """A problem with rows of a file, or with a query parameter."""

    errors: Annotated[list[InvalidRow], Field(min_length=1)]
