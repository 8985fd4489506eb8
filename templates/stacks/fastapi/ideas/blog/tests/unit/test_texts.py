"""The patterns of the contract say the same as the functions that check."""

import re
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.articles.schemas import Body, Tag
from app.texts import WRITTEN_PATTERN, line_pattern
from app.users.schemas import (
    EMAIL_PATTERN,
    IMAGE_PATTERN,
    USERNAME_PATTERN,
    Email,
    Image,
    Username,
)

TEXTS = [
    "",
    " ",
    "x",
    " x ",
    ".",
    "a.b",
    " .a",
    "a/b",
    "/",
    "a b",
    "a\tb",
    "a\nb",
    "a\x85b",
    "a\u2028b",
    "a\xa0b",
    "\t牛乳\N{IDEOGRAPHIC SPACE}",
    "\x1c\x1d\x1e\x1f\x85\N{OGHAM SPACE MARK}",
    "\N{ZERO WIDTH NO-BREAK SPACE}",
    "x" * 50,
    " " + "x" * 50 + "\n",
    "x" * 51,
    "x" + " " * 48 + "y",
    "x" + " " * 49 + "y",
    "a\0b",
    "\0",
    "a@b",
    "@b",
    "a@",
    "a@b@c",
    "a b@c",
    "ä@ö.example",
    "x" * 64 + "@" + "y" * 189,
    "x" * 65 + "@y",
    "x@" + "y" * 190,
    "http://",
    "http://a",
    "HTTP://a",
    "https://a/\N{NO-BREAK SPACE}",
    'https://a/"',
    "ftp://a",
    "https://" + "x" * 1990,
    "https://" + "x" * 1991,
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        (Username, USERNAME_PATTERN),
        (Email, EMAIL_PATTERN),
        (Image, IMAGE_PATTERN),
        (Tag, line_pattern(50)),
        (Body, WRITTEN_PATTERN),
    ],
    ids=["username", "email", "image", "tag", "body"],
)
def test_the_documented_pattern_is_what_is_checked(kind: Any, pattern: str, text: str) -> None:
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError:
        accepted = False
    else:
        accepted = True
    assert bool(re.fullmatch(pattern, text)) is accepted
