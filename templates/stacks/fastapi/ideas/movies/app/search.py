"""Full-text search: PostgreSQL's own where it is there, and the same result without it.

A row has `search_text`: its words, folded, with a space between them. The database makes
`search` of it: on PostgreSQL a tsvector with a GIN index, elsewhere the text again, in which LIKE
looks for the beginnings of words.
"""

from typing import Any

from sqlalchemy import ColumnElement, Computed, Dialect, Text, and_, cast, true
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from app.texts import words

SEARCH = TSVECTOR().with_variant(Text(), "sqlite")


class SearchDocument(FunctionElement[str]):
    """The expression by which the database makes `search` of `search_text`."""

    inherit_cache = True


# The words are ready: nothing is left to a language's rules, which would differ.
@compiles(SearchDocument, "postgresql")
def _for_postgresql(*_: Any, **__: Any) -> str:
    return "array_to_tsvector(string_to_array(search_text, ' '))"


@compiles(SearchDocument)
def _for_others(*_: Any, **__: Any) -> str:
    return "' ' || search_text"


class Searchable:
    """What a model needs to be found by its words."""

    # What the database makes of the text is not asked for after each write.
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012

    # Neither is shown, so no query but a search reads them.
    search_text: Mapped[str] = mapped_column(Text, deferred=True)

    @declared_attr
    @classmethod
    def search(cls) -> Mapped[str]:
        return mapped_column(
            SEARCH, Computed(SearchDocument(), persisted=True), nullable=True, deferred=True
        )


def search_text(*texts: str | None) -> str:
    """Return what `search_text` is for a row with these texts."""
    return " ".join(words(*texts))


def has_words(model: type[Searchable], text: str, dialect: Dialect) -> ColumnElement[bool]:
    """Return the condition that a row has every word of a text, or one that begins with it."""
    wanted = words(text)
    if not wanted:
        return true()
    if dialect.name == "postgresql":
        # Words are letters and digits only, so they need no quotes in a tsquery.
        query = " & ".join(f"{word}:*" for word in wanted)
        return model.search.op("@@", return_type=true().type)(cast(query, TSQUERY))
    return and_(*(model.search.contains(f" {word}") for word in wanted))
