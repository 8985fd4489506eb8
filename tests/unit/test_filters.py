"""Text that a person typed comes out as that text."""

import json
import re
import tomllib
import unicodedata

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scaffold.filters import markdown, quoted, slug

# What the questions let through: no control characters, no surrogates, trimmed.
lines = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff"),
    min_size=1,
    max_size=200,
).filter(lambda text: text == text.strip())

nasty = ['"; rm -rf / #', "{{ 7*7 }}", "</script>", "back\\slash", "it's", "# no heading", "- x"]


@given(lines)
@example('"; rm -rf / #')
@example("{{ 7*7 }}")
@example("back\\slash")
@example("\N{PILE OF POO} שלום")
def test_quoted_is_the_same_text_in_json_yaml_and_toml(text: str) -> None:
    assert json.loads(quoted(text)) == text
    assert tomllib.loads(f"key = {quoted(text)}")["key"] == text
    if all(character.isprintable() for character in text):  # YAML's own rule
        assert yaml.safe_load(f"key: {quoted(text)}")["key"] == text


def rendered(source: str) -> str:
    """Return the text that one paragraph of Markdown shows, by CommonMark with tables."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children
    assert children is not None
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


@given(lines.filter(lambda text: not unicodedata.category(text[0]).startswith("Z")))
@example("*a* _b_ `c` [d](e) <f> |g| ~~h~~ &amp;")
@example("1. no list")
@example("1) no list")
@example("=== no heading")
@example("+ no list")
@example("* no list")
@example("*")
def test_markdown_shows_exactly_the_text(text: str) -> None:
    assert rendered(markdown(text)) == re.sub(r" +", " ", text) or rendered(markdown(text)) == text


@pytest.mark.parametrize("text", ["C #", "#", "##", "a ##", "C#"])
def test_a_heading_keeps_the_signs_at_its_ends(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"# {markdown(text)}\n")
    assert "".join(child.content for child in tokens[1].children or []) == text


@pytest.mark.parametrize("text", ["a plain line", "snake_case", "7*7", "50 % off, e.g. (now)"])
def test_markdown_leaves_plain_text_alone(text: str) -> None:
    assert markdown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My To-Do List!", "my-to-do-list"),
        ("Größe", "grosse"),
        ("Список дел", "spisok-del"),
        ("待办事项", "dai-ban-shi-xiang"),
        ("\N{PILE OF POO}", ""),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_slug_is_lower_case_ascii(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text())
def test_a_slug_holds_only_what_a_host_name_may(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(text))
    assert len(slug(text)) <= 50
