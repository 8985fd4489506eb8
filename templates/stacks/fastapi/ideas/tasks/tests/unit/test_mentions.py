"""Who is mentioned in a comment."""

import pytest

from app.notifications.service import mentions_in


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("@grace@example.com please look", {"grace@example.com"}),
        ("Thanks, @Grace@Example.COM.", {"grace@example.com"}),
        ("@a@x.org, @b@x.org!", {"a@x.org", "b@x.org"}),
        ("Write to grace@example.com", set()),
        ("x@grace@example.com", set()),
        ("@grace", set()),
        ("", set()),
    ],
)
def test_an_address_behind_an_at_sign_is_a_mention(text: str, mentioned: set[str]) -> None:
    assert mentions_in(text) == mentioned
