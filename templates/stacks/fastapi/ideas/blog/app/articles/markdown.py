"""Markdown as HTML that a page can show without danger."""

import nh3
from markdown_it import MarkdownIt

# HTML in Markdown is shown as text.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
# What Markdown can say, and nothing else. The renderer makes only this as well; should it ever
# make more by mistake, the sanitiser takes it away.
TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li",
    "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
URL_SCHEMES = {"http", "https", "mailto"}


def to_html(text: str) -> str:
    """Return a piece of HTML for a text in Markdown."""
    return nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
