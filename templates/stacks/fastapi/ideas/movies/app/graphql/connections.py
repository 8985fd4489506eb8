"""Connections with cursors, as Relay defines them; they go forward."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from pydantic import TypeAdapter
from pydantic_core import to_json

from app.errors import InvalidInput, InvalidInputError
from app.windows import Window

DEFAULT_FIRST = 20
MAX_FIRST = 100

Node = TypeVar("Node")
First = Annotated[int, strawberry.argument(description="How many at most: 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="The cursor to go on after.")]


@strawberry.type(description="Where a page is in its list.")
class PageInfo:
    """Where a page is in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="A node in a list, and its place there.")
class Edge(Generic[Node]):
    """A node in a list, and its place there."""

    node: Node
    cursor: str


@strawberry.type(description="A page of a list.")
class Connection(Generic[Node]):
    """A page of a list."""

    edges: list[Edge[Node]]
    page_info: PageInfo


def window(first: int, after: str | None, keys: Any) -> Window:
    """Return the window that the arguments of a connection ask for.

    Args:
        first: How many at most.
        after: A cursor from the client.
        keys: The types of the sort keys in it: `tuple[int, UUID]`.

    Raises:
        InvalidInputError: It is too many, or not a cursor of this list.
    """
    if not 1 <= first <= MAX_FIRST:
        raise InvalidInputError(InvalidInput(("query", "first"), "Must be from 1 to 100."))
    return Window(first, None if after is None else _decode(after, keys))


def connection(
    rows: Sequence[tuple[Any, tuple[Any, ...]]], asked: Window, make: Callable[[Any], Node]
) -> Connection[Node]:
    """Return a page.

    Args:
        rows: What was found, each with its sort keys; one more than asked for when there are more.
        asked: What was asked for.
        make: Makes a node of what was found.
    """
    edges = [Edge(node=make(row), cursor=_encode(keys)) for row, keys in rows[: asked.first]]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=len(rows) > asked.first,
            has_previous_page=asked.after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _encode(keys: tuple[Any, ...]) -> str:
    return urlsafe_b64encode(to_json(keys)).decode().rstrip("=")


def _decode(cursor: str, kind: Any) -> tuple[Any, ...]:
    try:
        data = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        keys: tuple[Any, ...] = TypeAdapter(kind).validate_json(data)
    except ValueError:
        invalid = InvalidInput(("query", "after"), "Is not a cursor of this list.")
        raise InvalidInputError(invalid) from None
    return keys
