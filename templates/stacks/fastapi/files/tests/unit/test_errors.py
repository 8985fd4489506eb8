import pytest

from app.errors import title


@pytest.mark.parametrize(
    ("status", "name"),
    [(404, "Not Found"), (413, "Content Too Large"), (422, "Unprocessable Content")],
)
def test_titles_are_those_of_rfc_9110(status: int, name: str) -> None:
    assert title(status) == name
