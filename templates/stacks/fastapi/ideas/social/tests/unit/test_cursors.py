"""Cursors: the place of an item as a text."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from app.cursors import CURSOR, CursorParameters, decode_cursor, encode_cursor

AT = datetime(2026, 11, 22, 12, 30, 0, 123456, tzinfo=UTC)


def test_a_cursor_keeps_the_place_exactly() -> None:
    place = (AT, uuid4())
    cursor = encode_cursor(*place)
    assert re.fullmatch(CURSOR, cursor)
    assert decode_cursor(cursor) == place


@pytest.mark.parametrize("cursor", ["0" * 16 + "-" + "0" * 32, "9" * 16 + "-" + "f" * 32])
def test_every_text_of_the_form_is_a_place(cursor: str) -> None:
    assert encode_cursor(*decode_cursor(cursor)) == cursor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "1" * 16,
        "1" * 15 + "-" + "0" * 32,
        "1" * 17 + "-" + "0" * 32,
        "1" * 16 + "-" + "g" * 32,
        "1" * 16 + "-" + str(UUID(int=0)),
        "\u0661" * 16 + "-" + "0" * 32,
        "1" * 16 + "-" + "0" * 32 + "\n",
    ],
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        CursorParameters.model_validate({"cursor": text})


def test_a_list_begins_without_one() -> None:
    assert CursorParameters().place is None


@pytest.mark.parametrize("limit", [0, 101, "ten", "1.0"])
def test_a_limit_that_cannot_be_is_refused(limit: object) -> None:
    with pytest.raises(ValidationError):
        CursorParameters.model_validate({"limit": limit})
