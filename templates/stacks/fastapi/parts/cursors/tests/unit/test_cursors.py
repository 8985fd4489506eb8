import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.cursors import decode_cursor, encode_cursor
from app.errors import InvalidInputError

MOMENT = datetime(2026, 11, 22, 12, 30, 15, 123456, UTC)


def test_a_cursor_holds_the_keys() -> None:
    place = uuid4()
    cursor = encode_cursor(MOMENT, place)
    assert re.fullmatch("[A-Za-z0-9_-]+", cursor)
    assert decode_cursor(cursor, tuple[datetime, UUID]) == (MOMENT, place)


def test_any_text_can_be_a_key() -> None:
    for text in ["", "ü", "a/b?c=d&e", '"quoted"', "x" * 300]:
        assert decode_cursor(encode_cursor(text, None), tuple[str, int | None]) == (text, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "!!!",
        "ü",
        "\ud800",
        "a" * 501,
        encode_cursor(),
        encode_cursor(MOMENT),
        encode_cursor(MOMENT, "no id"),
        encode_cursor(MOMENT, uuid4(), 1),
        urlsafe_b64encode(b'{"a": 1}').decode(),
        urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        decode_cursor(text, tuple[datetime, UUID])
    assert [item.location for item in refused.value.inputs] == [("query", "cursor")]
