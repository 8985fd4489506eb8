"""What is found in the text of a post."""

import pytest

from app.texts import count_characters, hashtag_key, hashtags, like_pattern, mentions


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("🇩🇪🇫🇷", 2),
        ("👍🏽", 1),
        ("நி", 1),
        ("각", 1),
        ("\r\n", 1),
    ],
)
def test_characters_are_counted_as_people_see_them(text: str, count: int) -> None:
    assert count_characters(text) == count


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#one and #Two, #one", ["one", "two"]),
        ("#Größe #数学 #математика #हिन्दी", ["größe", "数学", "математика", "हिन्दी"]),
        ("＃full-width", ["full"]),
        ("(#in) [#brackets]!", ["in", "brackets"]),
        ("#snake_case #a1 #1a", ["snake_case", "a1", "1a"]),
        ("no#tag", []),
        ("&#39; is an apostrophe", []),
        ("We are #1, and # nothing", []),
        ("https://example.com/page#part", []),
        ("#e\u0301tude #\u00e9tude", ["étude"]),
    ],
)
def test_hashtags(text: str, tags: list[str]) -> None:
    assert hashtags(text) == tags


def test_so_many_hashtags_are_recognised() -> None:
    assert len(hashtags(" ".join(f"#tag{number}" for number in range(50)))) == 20


def test_a_hashtag_is_found_whatever_the_case() -> None:
    assert hashtag_key("GRÖSSE") == "grösse"
    assert hashtag_key("E\u0301tude") == "étude"


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@ada and @Grace, @ada", ["ada", "grace"]),
        ("(@ada)", ["ada"]),
        ("ada@example.com", []),
        ("@ad", []),
        ("@" + "a" * 31, []),
        ("https://example.com/@ada", []),
        ("@@ada", []),
        ("@ada.", ["ada"]),
    ],
)
def test_mentions(text: str, handles: list[str]) -> None:
    assert mentions(text) == handles


def test_a_search_text_stands_for_itself() -> None:
    assert like_pattern("50%_\\") == "%50\\%\\_\\\\%"
