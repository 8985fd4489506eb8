from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from app.common_passwords import is_common, uncommon


@pytest.mark.parametrize("password", ["password", "12345678", "QWERTYuiop", "Football"])
def test_what_everybody_tries_first_is_common(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", ["correct horse", "password but longer", ""])
def test_other_passwords_are_not(password: str) -> None:
    assert not is_common(password)


def test_a_field_refuses_a_common_password_and_does_not_repeat_it() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Annotated[str, uncommon]).validate_python("password")
    assert [error["msg"] for error in refused.value.errors()] == [
        "Is one of the commonest passwords."
    ]
