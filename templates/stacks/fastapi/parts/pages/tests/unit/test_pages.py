import pytest
from pydantic import ValidationError

from app.pages import Page, PageParameters


def test_the_first_page_is_the_default() -> None:
    parameters = PageParameters()
    assert (parameters.page, parameters.page_size, parameters.offset) == (1, 20, 0)


def test_the_offset_is_what_comes_before_the_page() -> None:
    assert PageParameters.model_validate({"page": "3", "pageSize": "50"}).offset == 100


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "1.0"),
        ("page", str(2**31)),
        ("pageSize", "0"),
        ("pageSize", "101"),
        ("pageSize", "ten"),
    ],
)
def test_a_page_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        PageParameters.model_validate({name: value})


def test_a_page_tells_where_it_is() -> None:
    page = Page[str].of(["x"], PageParameters.model_validate({"page": 2, "pageSize": 1}), 5)
    assert page.model_dump(by_alias=True) == {
        "items": ["x"],
        "page": 2,
        "pageSize": 1,
        "total": 5,
    }
