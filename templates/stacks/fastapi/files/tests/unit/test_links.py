import re

import pytest

from app.links import page_links

URL = "https://api.example/things"


def pages(header: str) -> dict[str, str]:
    """Return the URLs of a Link header by their relation."""
    return {relation: url for url, relation in re.findall(r'<([^>]*)>; rel="(\w+)"', header)}


@pytest.mark.parametrize(
    ("page", "total", "expected"),
    [
        (1, 0, {"first": 1, "last": 1}),
        (1, 10, {"first": 1, "last": 1}),
        (1, 11, {"first": 1, "last": 2, "next": 2}),
        (2, 25, {"first": 1, "last": 3, "prev": 1, "next": 3}),
        (3, 25, {"first": 1, "last": 3, "prev": 2}),
        (9, 25, {"first": 1, "last": 3, "prev": 3}),
    ],
)
def test_each_page_links_to_those_around_it(
    page: int, total: int, expected: dict[str, int]
) -> None:
    links = pages(page_links(URL, "", page, 10, total))
    assert links == {
        relation: f"{URL}?page={number}&pageSize=10" for relation, number in expected.items()
    }


def test_filters_are_kept_and_cannot_leave_the_url() -> None:
    links = pages(page_links(URL, "q=a%26b%3E%22&page=1", 1, 10, 0))
    assert links["first"] == f"{URL}?q=a%26b%3E%22&page=1&pageSize=10"
