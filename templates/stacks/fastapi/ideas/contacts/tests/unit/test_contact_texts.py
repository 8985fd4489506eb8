import re

import pytest
from pydantic import ValidationError

from app.contacts.schemas import FILLED_LABEL, FILLED_LINE, LINE, LINES, NewContact
from app.users.schemas import EMAIL_PATTERN, is_email

TEXTS = [
    "",
    " ",
    "x",
    " x ",
    "a:b",
    "a\nb",
    "a\r\nb",
    "a\tb",
    "a\0b",
    "\x7f",
    "\x85",
    "\N{LINE SEPARATOR}",
    "\N{IDEOGRAPHIC SPACE}",
    "\N{NO-BREAK SPACE}x",
    "\N{ZERO WIDTH NO-BREAK SPACE}",
    "牛乳 🥛",
]


def accepted(**fields: object) -> bool:
    try:
        NewContact.model_validate({"company": "x", **fields})
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("text", TEXTS)
def test_the_documented_patterns_are_what_is_checked(text: str) -> None:
    phone = {"label": text, "value": "1"}
    assert accepted(jobTitle=text) is bool(re.fullmatch(LINE, text))
    assert accepted(notes=text) is bool(re.fullmatch(LINES, text))
    assert accepted(groups=[text]) is bool(re.fullmatch(FILLED_LINE, text))
    assert accepted(phones=[phone]) is bool(re.fullmatch(FILLED_LABEL, text))


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("ada@example.com", True),
        ("a.b+c@sub.example.co", True),
        ("ada@localhost", True),
        ("ada", False),
        ("ada@", False),
        ("@example.com", False),
        ("a b@example.com", False),
        ("a:b@example.com", False),
        ("ada@example.com\n", False),
        ("ada@-example.com", False),
        ("ädä@example.com", False),
        ("a" * 243 + "@example.com", False),
    ],
)
def test_an_email_is_what_html_takes_for_one(text: str, valid: bool) -> None:
    assert is_email(text) is valid
    assert accepted(emails=[{"value": text}]) is valid
    assert re.fullmatch(EMAIL_PATTERN, text) is not None or not valid
