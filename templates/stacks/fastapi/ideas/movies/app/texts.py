"""Kinds of text in requests, and how texts are compared."""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.schemas import TEXT_PATTERN, Text

# No word of a language is longer, and PostgreSQL's index takes no word of more than 2 kB.
MAX_WORD = 50
# What Text checks, as a pattern for the document.
NO_NULL: dict[str, JsonValue] = {"pattern": TEXT_PATTERN}


def _line(maximum: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        trimmed = text.strip()
        if not 1 <= len(trimmed) <= maximum:
            raise PydanticCustomError(
                "line",
                "Must have 1 to {maximum} characters that are not all white space.",
                {"maximum": maximum},
            )
        return trimmed

    return check


# White space is what str.strip() removes.
_SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INK = rf"[^\x00{_SPACE}]"


def line_pattern(maximum: int) -> str:
    """Return what _line checks as a pattern, for the document."""
    return rf"^[{_SPACE}]*{_INK}([^\x00]{{0,{maximum - 2}}}{_INK})?[{_SPACE}]*$"


Line100 = Annotated[
    Text,
    AfterValidator(_line(100)),
    WithJsonSchema({"type": "string", "pattern": line_pattern(100)}, mode="validation"),
]
Line200 = Annotated[
    Text,
    AfterValidator(_line(200)),
    WithJsonSchema({"type": "string", "pattern": line_pattern(200)}, mode="validation"),
]
LongText = Annotated[Text, Field(max_length=5000, json_schema_extra=NO_NULL)]
SearchText = Annotated[str, Field(max_length=200, pattern=TEXT_PATTERN)]


def fold(text: str) -> str:
    """Return the text without differences of case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(*texts: str | None) -> list[str]:
    """Return the words of all texts, folded; what is no letter or digit separates them."""
    found = re.findall(r"[^\W_]+", " ".join(fold(text) for text in texts if text))
    return [word[:MAX_WORD] for word in found]
