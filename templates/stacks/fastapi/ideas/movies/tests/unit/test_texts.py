import re

import pytest
from pydantic import TypeAdapter, ValidationError

from app.texts import Line100, Line200, fold, line_pattern, words

LINES = {100: TypeAdapter(Line100), 200: TypeAdapter(Line200)}


@pytest.mark.parametrize("maximum", [100, 200])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x",
        " x ",
        "\t牛乳\N{IDEOGRAPHIC SPACE}",
        "\x1c\x85\N{OGHAM SPACE MARK}",
        "x" * 100,
        "x" * 101,
        "x" * 200,
        "x" * 201,
        " " * 50 + "🥛" * 100 + " " * 50,
        "a" + " " * 98 + "b",
        "a" + " " * 99 + "b",
        "a\0b",
        "two\nlines",
    ],
)
def test_the_documented_pattern_is_what_is_checked(maximum: int, text: str) -> None:
    try:
        LINES[maximum].validate_python(text)
        accepted = True
    except ValidationError:
        accepted = False
    assert bool(re.fullmatch(line_pattern(maximum), text)) is accepted


@pytest.mark.parametrize(
    ("one", "other"),
    [("Amélie", "AMELIE"), ("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("e\u0301", "É"), ("ﬁ", "fi")],
)
def test_texts_that_differ_in_case_and_accents_are_folded_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["8½ (1963)"], ["81", "2", "1963"]),
        (["Singin' in the Rain", None], ["singin", "in", "the", "rain"]),
        (["snake_case", "a-b"], ["snake", "case", "a", "b"]),
        (["七人の侍"], ["七人の侍"]),
        (["!?", ""], []),
        (["x" * 60], ["x" * 50]),
    ],
)
def test_words_are_letters_and_digits(texts: list[str | None], expected: list[str]) -> None:
    assert words(*texts) == expected
