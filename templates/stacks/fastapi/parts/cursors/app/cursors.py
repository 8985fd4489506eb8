"""Lists that go on after the last item, however many were added meanwhile."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field, TypeAdapter
from pydantic_core import to_json

from app.errors import InvalidInput, InvalidInputError
from app.schemas import QueryParameters, ResponseBody, strict_integer

MAX_LIMIT = 100
DEFAULT_LIMIT = 20

Item = TypeVar("Item")
Keys = TypeVar("Keys", bound=tuple[Any, ...])


class CursorParameters(QueryParameters):
    """Where to go on in a list; a list's own parameters are added in a subclass."""

    cursor: Annotated[
        str | None, Field(max_length=500, description="`nextCursor` of the answer before.")
    ] = None
    limit: Annotated[
        int,
        Field(ge=1, le=MAX_LIMIT, description="How many items an answer has at most."),
        strict_integer,
    ] = DEFAULT_LIMIT


class CursorPage(ResponseBody, Generic[Item]):
    """Some items of a list, and where the next ones begin; null when there are none."""

    items: Annotated[list[Item], Field(max_length=MAX_LIMIT)]
    next_cursor: str | None


def encode_cursor(*keys: object) -> str:
    """Return the sort keys of the last item as an opaque text."""
    return urlsafe_b64encode(to_json(keys)).decode().rstrip("=")


def decode_cursor(text: str, kind: type[Keys]) -> Keys:
    """Return the sort keys that a cursor holds.

    Args:
        text: A cursor from a client.
        kind: The types of the keys: `tuple[datetime, UUID]`.

    Raises:
        InvalidInputError: It is not one of ours.
    """
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        keys: Keys = _adapter(kind).validate_json(data)
    except ValueError:
        problem = InvalidInput(("query", "cursor"), "Is not a cursor of this list.")
        raise InvalidInputError(problem) from None
    return keys


@cache
def _adapter(kind: type[Keys]) -> TypeAdapter[Keys]:
    return TypeAdapter(kind)
