"""Texts that people write, and what they may hold."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.schemas import Text

# What str.strip() removes, for patterns in the document: `\s` differs between languages.
SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# The same and every control character.
UNSEEN = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
WRITTEN_PATTERN = rf"^[{SPACE}]*[^\x00{SPACE}][^\x00]*$"


def line_pattern(length: int) -> str:
    """Return the pattern of a text that has 1 to `length` characters when it is trimmed."""
    ink = rf"[^\x00{SPACE}]"
    return rf"^[{SPACE}]*{ink}([^\x00]{{0,{length - 2}}}{ink})?[{SPACE}]*$"


def documented(pattern: str, **keywords: object) -> WithJsonSchema:
    """Describe a text in the document by a pattern; functions check it."""
    schema = {"type": "string", "pattern": pattern, **keywords}
    return WithJsonSchema(schema, mode="validation")


def _refuse_empty(value: object) -> object:
    if value is None or value == "":
        raise PydanticCustomError("blank", "can't be blank")
    return value


def _refuse_blank(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        return _refuse_empty("")
    return _refuse_empty(value)


def in_path(length: int) -> WithJsonSchema:
    """Describe a name in a path. It is not checked: a longer one is simply not found."""
    return WithJsonSchema({"type": "string", "maxLength": length})


# A value that has to be there, and a text that has to say something: null is no text either.
required = BeforeValidator(_refuse_empty)
not_blank = BeforeValidator(_refuse_blank)


def at_most(length: int) -> Callable[[str], str]:
    """Return a validator that refuses longer texts."""

    def check(text: str) -> str:
        if len(text) > length:
            raise PydanticCustomError(
                "long", "must have at most {length} characters", {"length": length}
            )
        return text

    return check


def trimmed(length: int) -> Callable[[str], str]:
    """Return a validator that removes white space at both ends and refuses longer texts."""
    check = at_most(length)
    return lambda text: check(text.strip())


def fitting(pattern: str) -> Callable[[str], str]:
    """Return a validator that refuses texts which do not fit a pattern."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise PydanticCustomError("form", "is invalid")
        return text

    return check


# A text that stays as it was written.
Written = Annotated[Text, not_blank]
