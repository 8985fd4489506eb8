"""Kinds of text in requests, and what is found in the text of a post."""

import unicodedata
from typing import Annotated

import regex
from pydantic import AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from app.schemas import TEXT_PATTERN, Text

# What Text checks, as a pattern for the document.
NO_NULL: dict[str, JsonValue] = {"pattern": TEXT_PATTERN}
VISIBLE = r"^[^\x00]*\S[^\x00]*$"
MAX_POST = 500
# A family of emoji is one character and eleven code points; nobody needs more for each than this.
MAX_POST_CODE_POINTS = 5000
MAX_HASHTAGS = 20
MAX_MENTIONS = 20
HANDLE = "[A-Za-z0-9_]{3,30}"

SearchText = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
ShortSearchText = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00]+$")]


def _checked_name(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("name", "Must have a character that can be seen.")
    return text


DisplayName = Annotated[
    Text,
    Field(min_length=1, max_length=50, json_schema_extra={"pattern": VISIBLE}),
    AfterValidator(_checked_name),
]
Bio = Annotated[Text, Field(max_length=300, json_schema_extra=NO_NULL)]
Note = Annotated[Text, Field(max_length=1000, json_schema_extra=NO_NULL)]

# As Unicode's Standard Annex 31 describes hashtags: what may be inside of a name in any script.
_HASHTAG = regex.compile(r"(?<![\p{XID_Continue}&])[#＃﹟]([\p{XID_Continue}\u200d]{1,100})")
_MENTION = regex.compile(rf"(?<![\p{{XID_Continue}}@.+-])[@＠]({HANDLE})(?![\p{{XID_Continue}}@])")
# A fragment of an address is no hashtag, a name in it is no mention.
_ADDRESS = regex.compile(r"\b[a-z][a-z0-9+.-]*://\S+", regex.IGNORECASE)
_GRAPHEME = regex.compile(r"\X")


def handle_key(text: str) -> str:
    """Return how a handle is stored; empty for a text that cannot be one, which nobody has."""
    return text.lower() if regex.fullmatch(HANDLE, text) else ""


def count_characters(text: str) -> int:
    """Count characters as people see them: grapheme clusters (Unicode Standard Annex 29)."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def _checked_post(text: str) -> str:
    # There are never more characters than code points, and those need not be counted.
    if not text.strip() or (len(text) > MAX_POST and count_characters(text) > MAX_POST):
        raise PydanticCustomError(
            "post", "Must have 1 to {maximum} characters that can be seen.", {"maximum": MAX_POST}
        )
    return text


PostText = Annotated[
    Text,
    # The document says less: what has at most 500 code points has at most 500 characters too.
    Field(
        min_length=1,
        max_length=MAX_POST_CODE_POINTS,
        json_schema_extra={"pattern": VISIBLE, "maxLength": MAX_POST},
    ),
    AfterValidator(_checked_post),
]


def hashtag_key(tag: str) -> str:
    """Return a hashtag as it is compared: in lower case, whatever way accents are encoded."""
    return unicodedata.normalize("NFC", tag.lower())


def hashtags(text: str) -> list[str]:
    """Return the hashtags of a text without repetitions, as they are compared."""
    found = (hashtag_key(match[1]) for match in _HASHTAG.finditer(_ADDRESS.sub(" ", text)))
    # "#1" is a number, not a name.
    named = (tag for tag in found if not tag.isdecimal())
    return list(dict.fromkeys(named))[:MAX_HASHTAGS]


def mentions(text: str) -> list[str]:
    """Return the handles that a text mentions, without repetitions and in lower case."""
    found = (match[1].lower() for match in _MENTION.finditer(_ADDRESS.sub(" ", text)))
    return list(dict.fromkeys(found))[:MAX_MENTIONS]


def like_pattern(text: str) -> str:
    r"""Return a pattern for LIKE with the escape \ that finds the text anywhere."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
