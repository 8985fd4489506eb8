import re

import pytest
from pydantic import ValidationError

from app.todos.schemas import TITLE_PATTERN, NewTodo


def accepted(title: str) -> bool:
    try:
        NewTodo(title=title)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "x",
        " x ",
        "\t牛乳\N{IDEOGRAPHIC SPACE}",
        "\x1c\x1d\x1e\x1f\x85\N{OGHAM SPACE MARK}",
        "\N{ZERO WIDTH NO-BREAK SPACE}",
        "x" * 200,
        "x" * 201,
        " " * 50 + "🥛" * 200 + " " * 50,
        "a" + " " * 198 + "b",
        "a" + " " * 199 + "b",
        "a\0b",
        "two\nlines",
    ],
)
def test_the_documented_pattern_is_what_is_checked(title: str) -> None:
    assert bool(re.fullmatch(TITLE_PATTERN, title)) is accepted(title)
