import pytest

from app.problems import json_pointer


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ([], "#"),
        (["title"], "#/title"),
        (["items", 0, "name"], "#/items/0/name"),
        (["a/b~c"], "#/a~1b~0c"),
        (["größe %"], "#/gr%C3%B6%C3%9Fe%20%25"),
        (["half a pair \ud800"], "#/half%20a%20pair%20%3F"),
    ],
)
def test_a_pointer_is_a_uri_fragment(path: list[str | int], pointer: str) -> None:
    assert json_pointer(path) == pointer
