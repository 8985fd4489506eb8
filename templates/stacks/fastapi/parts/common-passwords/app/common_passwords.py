"""Refuses passwords that everybody tries first."""

from functools import cache
from pathlib import Path

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

# The thousand commonest with 8 characters or more, the commonest first.
_LIST = Path(__file__).with_name("common_passwords.txt")


@cache
def _common() -> frozenset[str]:
    return frozenset(_LIST.read_text("utf-8").split())


def is_common(password: str) -> bool:
    """Tell whether a password is one of the commonest, whatever the case."""
    return password.lower() in _common()


def _checked(password: str) -> str:
    if is_common(password):
        raise PydanticCustomError("password", "Is one of the commonest passwords.")
    return password


uncommon = AfterValidator(_checked)
