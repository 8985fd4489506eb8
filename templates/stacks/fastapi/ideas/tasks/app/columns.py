"""Kinds of columns that several tables have."""

from typing import Any

from sqlalchemy import Dialect, SmallInteger, String
from sqlalchemy.types import TypeDecorator

from app.folding import fold

# Folding makes some letters longer: "ß" becomes "ss".
MAX_KEY = 300
# Sorted by code points everywhere: SQLite does, PostgreSQL asks the server's locale otherwise.
SortKey = String(MAX_KEY).with_variant(String(MAX_KEY, collation="C"), "postgresql")


def sort_key(name: str) -> str:
    """Return what a name is sorted by: people look for "ada" where "Ada" is."""
    return fold(name)[:MAX_KEY]


class Ranked(TypeDecorator[str]):
    """One of a few words that have an order, stored as its place: the database can compare them.

    Args:
        words: All of them, in their order. A new one goes to the end, or rows change their meaning.
    """

    impl = SmallInteger
    cache_ok = True

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else self.words.index(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.words[value]
