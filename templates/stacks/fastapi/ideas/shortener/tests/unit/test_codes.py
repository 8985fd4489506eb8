import re
import secrets

import pytest

from app.redirects.router import CodeConvertor
from app.short_links import codes
from app.short_links.codes import RESERVED, is_reserved, random_code


def test_a_random_code_is_seven_letters_and_digits() -> None:
    made = {random_code() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch("[A-Za-z0-9]{7}", code) for code in made)
    # Every character occurs: 7,000 draws leave one of 62 out once in 10^47 times.
    assert len(set("".join(made))) == 62


def test_the_source_is_a_cryptographic_one_and_reserved_paths_are_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    characters = iter("OpenAPI" + "x7Yk2Qd")
    monkeypatch.setattr(secrets, "choice", lambda _: next(characters))
    assert codes.random_code() == "x7Yk2Qd"


@pytest.mark.parametrize("code", ["api", "API", "Docs", "health", "openapi"])
def test_the_services_own_paths_are_reserved_whatever_the_case(code: str) -> None:
    assert is_reserved(code)


@pytest.mark.parametrize(
    ("path", "is_code"),
    [
        ("abc", True),
        ("apis", True),
        ("api-docs", True),
        ("-_-", True),
        ("x" * 32, True),
        ("ab", False),
        ("x" * 33, False),
        ("a.b", False),
        ("Ä_1", False),
        *((name, False) for name in RESERVED),
        *((name.upper(), False) for name in RESERVED),
    ],
)
def test_a_path_is_a_code_or_it_is_not(path: str, is_code: bool) -> None:
    assert bool(re.fullmatch(CodeConvertor.regex, path)) is is_code
