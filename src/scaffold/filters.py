"""Jinja filters for text that a person typed.

Every template must write such text through one of these, so that it comes out as the
same text wherever it lands and never as syntax of the file around it.
"""

import json
import re
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

# Characters that can open inline Markdown anywhere in a line (CommonMark 0.31 and
# GitHub's tables, strikethrough and math).
_INLINE_MARKDOWN = re.compile(r"[\\`\[\]<>|~&$]")
# What opens a block where a line starts with it (a heading, a list, a rule), and what a
# heading drops where it ends in it.
_LINE_MARKDOWN = (
    (re.compile(r"^([#*+=-])"), r"\\\1"),
    (re.compile(r"^(\d{1,9})([.)])"), r"\1\\\2"),
    (re.compile(r"(?<!\\)#(?=#*$)"), r"\\#"),
)


def quoted(text: str | list[str]) -> str:
    """Return text (or a list of texts) as JSON, which is valid YAML and TOML as well."""
    return json.dumps(text, ensure_ascii=False)


def markdown(text: str) -> str:
    """Escape one line of text so that Markdown renders it as it is.

    `*` and `_` are only escaped where a second one could close an emphasis, so that
    ordinary text stays readable in the source. Do not use it inside of emphasis.
    """
    escaped = _INLINE_MARKDOWN.sub(r"\\\g<0>", text)
    for mark in "*_":
        if text.count(mark) > 1:
            escaped = escaped.replace(mark, "\\" + mark)
    for pattern, escape in _LINE_MARKDOWN:
        escaped = pattern.sub(escape, escaped)
    return escaped


def slug(text: str, most: int = 50) -> str:
    """Return text in lower-case ASCII words joined by hyphens, at most `most` characters.

    Other scripts are transliterated; what has no letters or digits gives "".
    """
    from slugify import slugify

    return slugify(text, max_length=most, word_boundary=True, save_order=True)


class Filters(Extension):
    """Adds this module's filters to a Jinja environment (Copier's and ours)."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        filters: dict[str, Any] = {"quoted": quoted, "markdown": markdown, "slug": slug}
        environment.filters.update(filters)
