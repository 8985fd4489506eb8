import pytest

from app.errors import InvalidInput, InvalidInputError, NotFoundError, ServiceError
from app.field_errors import TakenError, UnknownError
from app.problems import body_of


def errors(error: ServiceError) -> object:
    return body_of(error).model_dump()["errors"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (UnknownError("article"), {"article": ["not found"]}),
        (
            TakenError("username", "email"),
            {"username": ["has already been taken"], "email": ["has already been taken"]},
        ),
        (NotFoundError(), {"path": ["There is nothing at this address."]}),
        (ServiceError("Too large.", status=413), {"request": ["Too large."]}),
        (ServiceError("Wait.", status=429), {"credentials": ["Wait."]}),
        (ServiceError("A teapot.", status=418), {"server": ["A teapot."]}),
    ],
)
def test_an_error_names_what_is_wrong(error: ServiceError, expected: object) -> None:
    assert errors(error) == expected


@pytest.mark.parametrize(
    ("location", "name"),
    [
        (("body",), "request"),
        (("body", "user"), "user"),
        (("body", "user", "email"), "email"),
        (("body", "article", "tagList", 3), "tagList"),
        (("body", "displayName"), "displayName"),
        (("query", "limit"), "limit"),
        (("body", "user", "half a pair \ud800"), "half a pair ?"),
    ],
)
def test_a_field_has_its_own_name(location: tuple[str | int, ...], name: str) -> None:
    assert errors(InvalidInputError(InvalidInput(location, "wrong"))) == {name: ["wrong"]}


def test_a_field_says_the_same_only_once() -> None:
    inputs = [
        InvalidInput(("body", "article", "tagList", number), detail)
        for number, detail in enumerate(["long", "long", "Field required"])
    ]
    assert errors(InvalidInputError(*inputs)) == {"tagList": ["long", "can't be blank"]}
