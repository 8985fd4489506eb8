import pytest

from app.todos.service import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MILK", "milk"),
        ("ÄPFEL", "äpfel"),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδος"),
        ("e\N{COMBINING ACUTE ACCENT}", "É"),
    ],
)
def test_texts_that_differ_in_case_only_are_folded_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("a", "ä"), ("1", "l")])
def test_other_texts_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)
