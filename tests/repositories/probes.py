"""Values from both sides of what a schema says."""

import random
import string
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from tests.repositories.document import Schema

# A text, list or number with more than this has no limit worth the name.
ENDLESS = 100_000
MOST_ITEMS = 20_000
# Formats which say by themselves how long a text can be.
SHORT_FORMATS = {"date", "date-time", "time", "uuid", "ipv4", "ipv6"}
NO_SUCH_FORMAT = {
    "date": ["2026-02-30", "yesterday", "2026-1-1", ""],
    "date-time": ["2026-02-30T00:00:00Z", "2026-01-01", "now", ""],
    "uuid": ["nobody", "00000000-0000-0000-0000-00000000000g", ""],
    "email": ["nobody", "a@", "@b.example", "a b@c.example", ""],
}
WRONG_TYPES: list[Any] = [None, True, 5, "text", [], {}, [None]]
NUMBERS: list[Any] = [2**31, 2**63, 2**64, 10**30, -(10**30), 1.5, -1.5]
# Stands for a number that no Python value writes: it is put into the JSON text by hand.
TOO_HUGE = "1e400 without quotes"


@cache
def letters(number: int) -> str:
    """Return letters that say nothing, so no list of bad passwords has them."""
    made = random.Random(number)  # noqa: S311 - must be the same each time
    return "".join(made.choices(string.ascii_lowercase, k=number))


def _email(number: int) -> str:
    domain = "example.com"
    while (local := number - len(domain) - 1) > 60:
        domain = f"{letters(min(50, local - 2))}.{domain}"
    return f"{letters(local)}@{domain}" if local > 0 else letters(number)


def _url(number: int) -> str:
    return "https://example.com/"[:number].ljust(20, "/")[:number] + letters(max(0, number - 20))


MAKERS: list[Callable[[int], str]] = [
    letters,
    lambda number: letters(number).upper(),
    lambda number: letters(number).capitalize(),
    lambda number: "".join(str(index % 10) for index in range(1, number + 1)),
    lambda number: "+" + "".join(str(index % 10) for index in range(1, number)),
    lambda number: (letters(number - 1) + "1") if number else "",
    lambda number: "#" + "".join(str(index % 10) for index in range(1, number)),
]


def maker(schema: Schema) -> Callable[[int], str] | None:
    """Return a function that makes valid texts of many lengths; None where none is known."""
    formats = set(schema.all("format"))
    if formats & {"uri", "iri", "url"}:
        return _url
    if formats & {"email", "idn-email"}:
        return _email
    lengths = (1, 2, 3, 4, 6, 8, 12, 16, 22, 32, 36, 64)
    for make in MAKERS:
        if any(schema.allows(make(length)) for length in lengths):
            return make
    return None


def bounds(allows: Callable[[int], bool], most: int) -> tuple[int | None, int | None]:
    """Return the smallest and the largest size that is allowed; None for no such limit.

    Args:
        allows: Tells whether a size is allowed; the sizes which are lie next to one another.
        most: What counts as endless.
    """
    tried = [*range(65), 100, 128, 200, 255, 256, 500, 512, 1000, 1024, 2000, 2048, 5000, 10_000]
    inside = next((size for size in tried if allows(size)), None)
    if inside is None:
        return None, None
    least = inside if inside < 65 else None
    if allows(most):
        return least, None
    low, high = inside, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if allows(middle) else (low, middle)
    return least, low


def text_bounds(schema: Schema) -> tuple[int | None, int | None]:
    """Return the least and the greatest length of a text."""
    make = maker(schema)
    if make is None:
        return None, max(schema.all("maxLength"), default=None)
    return bounds(lambda size: schema.allows(make(size)), ENDLESS)


def number_bounds(schema: Schema) -> tuple[Any, Any]:
    """Return the least and the greatest number."""
    least = [*schema.all("minimum"), *(n + 1 for n in schema.all("exclusiveMinimum"))]
    greatest = [*schema.all("maximum"), *(n - 1 for n in schema.all("exclusiveMaximum"))]
    return max(least, default=None), min(greatest, default=None)


def is_number(schema: Schema) -> bool:
    """Tell whether a value may be a number."""
    return bool(schema.types & {"integer", "number"})


def is_text(schema: Schema) -> bool:
    """Tell whether a value may be a text of many lengths."""
    fixed = schema.all("enum") or schema.all("const") or SHORT_FORMATS & set(schema.all("format"))
    return "string" in schema.types and not fixed


def limits(schema: Schema) -> Iterator[Any]:
    """Give values at each limit and just beyond it."""
    if is_text(schema):
        make = maker(schema)
        for size in text_bounds(schema):
            if make is not None and size is not None:
                yield from (make(size + by) for by in (-1, 0, 1) if size + by >= 0)
    if is_number(schema):
        for bound in number_bounds(schema):
            if bound is not None:
                yield from (bound - 1, bound, bound + 1)
    for choice in [choice for choices in schema.all("enum") for choice in choices]:
        yield choice
        if isinstance(choice, str):
            yield choice + "x"


def lists(schema: Schema, item: Any) -> Iterator[list[Any]]:
    """Give lists with as many items as are allowed, and with one more."""
    unique = any(schema.all("uniqueItems"))

    def filled(size: int) -> list[Any]:
        if not unique:
            return [item] * size
        return [
            f"{item}"[:8] + str(index) if isinstance(item, str) else index for index in range(size)
        ]

    least = max(schema.all("minItems"), default=0)
    most = min(schema.all("maxItems"), default=None)
    for size in {least - 1, least} | ({most, most + 1} if most is not None else set()):
        if 0 <= size <= MOST_ITEMS:
            yield filled(size)


def nonsense(schema: Schema) -> Iterator[Any]:
    """Give values that are hardly ever right: other types, huge numbers, texts of no format."""
    yield from WRONG_TYPES
    yield from NUMBERS if is_number(schema) else (10**30,)
    if "string" in schema.types:
        yield from ("", " ", "\0", "a\0b", "x" * (ENDLESS + 1))
    for name in schema.all("format"):
        yield from NO_SUCH_FORMAT.get(name, [])


def unlimited(schema: Schema, name: str, seen: tuple[str, ...] = ()) -> Iterator[str]:
    """Give the names of all values in a schema that may be as large as anybody likes."""
    if schema.views[0] in seen:
        return
    seen = (*seen, schema.views[0])
    fixed = schema.all("enum") or schema.all("const")
    if is_text(schema) and text_bounds(schema)[1] is None:
        yield f"{name}: a text without a greatest length"
    if is_number(schema) and not fixed and None in number_bounds(schema):
        yield f"{name}: a number without a range"
    if "array" in schema.types and not schema.all("maxItems"):
        yield f"{name}: a list without a greatest length"
    if schema.items is not None:
        yield from unlimited(schema.items, f"{name}/*", seen)
    for key, value in schema.properties.items():
        yield from unlimited(value, f"{name}/{key}", seen)


def places(
    schema: Schema, value: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Schema]]:
    """Give every place in an example, and those of properties which it leaves out."""
    yield path, schema
    if isinstance(value, Mapping):
        for key, inner in schema.properties.items():
            yield from places(inner, value.get(key), (*path, key))
    elif isinstance(value, list) and value and schema.items is not None:
        yield from places(schema.items, value[0], (*path, 0))


def placed(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """Return a value with another one at a place."""
    if not path:
        return new
    head, *rest = path
    if isinstance(value, list):
        return [placed(v, tuple(rest), new) if i == head else v for i, v in enumerate(value)]
    return {**value, head: placed(value.get(head), tuple(rest), new)}
