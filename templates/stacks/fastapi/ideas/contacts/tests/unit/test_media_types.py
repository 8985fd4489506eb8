import pytest

from app.contacts.files import choose

CSV, VCARD = "text/csv", "text/vcard"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", CSV),
        ("*/*", CSV),
        ("text/*", CSV),
        (VCARD, VCARD),
        ("Text/vCard; charset=utf-8", VCARD),
        ("text/vcard, text/csv;q=0.5", VCARD),
        ("text/csv;q=0.1, text/vcard;q=0.2", VCARD),
        ("text/csv;q=0, */*", VCARD),
        ("text/html, */*;q=0.1", CSV),
        ("text/html", None),
        ("*/*;q=0", None),
        ("text/csv;q=much", None),
        (",", None),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str, chosen: str | None) -> None:
    assert choose(accept, [CSV, VCARD]) == chosen
