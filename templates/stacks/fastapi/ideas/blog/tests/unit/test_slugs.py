import re

import pytest

from app.articles.slugs import slug_of, with_ending

USABLE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("How to train your dragon", "how-to-train-your-dragon"),
        ("  C++ & Rust: 2 languages!  ", "c-rust-2-languages"),
        ("Crème brûlée", "creme-brulee"),
        ("Straße für Straße", "strasse-fur-strasse"),
        ("Привет, мир", "privet-mir"),
        ("-- a --", "a"),
        ("x" * 200, "x" * 80),
        ("x" * 79 + " yz", "x" * 79),
    ],
)
def test_a_slug_is_the_title_in_lower_case_ascii(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    "title", ["牛乳を買う", "اقرأ", "🥛", "?!", "…", "\N{COMBINING ACUTE ACCENT}", "Feed", "feed!"]
)
def test_every_title_has_a_slug_that_fits_into_a_url(title: str) -> None:
    slug = slug_of(title)
    assert USABLE.fullmatch(slug)
    assert slug != "feed"


def test_a_title_of_which_nothing_is_left_has_a_slug_of_its_own() -> None:
    assert slug_of("?") != slug_of("?")


def test_an_ending_makes_a_slug_another_one() -> None:
    slugs = {with_ending("x" * 80) for _ in range(50)}
    assert len(slugs) == 50
    assert all(USABLE.fullmatch(slug) and len(slug) <= 100 for slug in slugs)
