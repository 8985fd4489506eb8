import pytest

from app.folding import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Äpfel", "äpfel"),
        ("STRASSE", "straße"),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_case_and_coding_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_accents_do() -> None:
    assert fold("apfel") != fold("äpfel")
