"""What clients send and get."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import MISSING, AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlalchemy import Row

from app.schemas import (
    MAX_INT32,
    MIN_INT32,
    TEXT_PATTERN,
    QueryParameters,
    RequestBody,
    ResponseBody,
    Text,
    json_integer,
    strict_boolean,
    strict_integer,
)
from app.todos.models import Todo

MAX_TITLE = 200
MAX_PAGE_SIZE = 500


def _checked_title(text: str) -> str:
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= MAX_TITLE:
        raise PydanticCustomError(
            "title", "Must have 1 to 200 characters that are not all white space."
        )
    return trimmed


# The same as a pattern, for the document. The white space is what str.strip() removes.
_SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INK = rf"[^\x00{_SPACE}]"
TITLE_PATTERN = rf"^[{_SPACE}]*{_INK}([^\x00]{{0,198}}{_INK})?[{_SPACE}]*$"

Title = Annotated[
    Text,
    AfterValidator(_checked_title),
    WithJsonSchema({"type": "string", "pattern": TITLE_PATTERN}, mode="validation"),
]
Order = (
    Annotated[
        int,
        Field(ge=MIN_INT32, le=MAX_INT32, json_schema_extra={"format": "int32"}),
        json_integer,
    ]
    | None
)


class NewTodo(RequestBody):
    """A todo to create."""

    title: Title
    completed: bool = False
    order: Order = None


class TodoChanges(RequestBody):
    """The fields of a todo to change; the others stay as they are."""

    title: Title | MISSING = MISSING
    completed: bool | MISSING = MISSING
    order: Order | MISSING = MISSING


class TodoQuery(QueryParameters):
    """Which todos a list has, and which page of them."""

    completed: Annotated[
        bool | None, Field(description="Only with this state."), strict_boolean
    ] = None
    q: Annotated[
        str | None,
        Field(
            max_length=MAX_TITLE,
            pattern=TEXT_PATTERN,
            description="Only titles that contain this text, whatever the case.",
        ),
    ] = None
    page: Annotated[
        int, Field(ge=1, le=MAX_INT32, description="Number of the page, from 1."), strict_integer
    ] = 1
    page_size: Annotated[
        int,
        Field(ge=1, le=MAX_PAGE_SIZE, description="How many todos a page has at most."),
        strict_integer,
    ] = MAX_PAGE_SIZE


class TodoBody(ResponseBody):
    """A todo as it is stored."""

    id: UUID
    title: Annotated[str, Field(min_length=1, max_length=MAX_TITLE)]
    completed: bool
    order: Order
    url: Annotated[str, Field(json_schema_extra={"format": "uri"})]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, todo: Todo | Row[Any], collection_url: str) -> "TodoBody":
        """Return a stored todo as clients see it in the collection at the URL."""
        return cls(
            id=todo.id,
            title=todo.title,
            completed=todo.completed,
            order=todo.order,
            url=f"{collection_url}/{todo.id}",
            created_at=todo.created_at,
            updated_at=todo.updated_at,
        )
