import pytest

from app.problems import json_pointer, title


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


@pytest.mark.parametrize(
    ("status", "name"),
    [(404, "Not Found"), (413, "Content Too Large"), (422, "Unprocessable Content")],
)
def test_titles_are_those_of_rfc_9110(status: int, name: str) -> None:
    assert title(status) == name
