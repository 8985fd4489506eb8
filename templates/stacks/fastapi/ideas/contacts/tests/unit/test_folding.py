import pytest

from app.contacts.folding import digits, fold, is_part_of_a_phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MUNOZ", "Muñoz"),
        ("Åsa ÖBERG", "asa oberg"),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδός"),
        ("e\N{COMBINING ACUTE ACCENT}", "E"),
        ("ＡＢＣ", "abc"),
        ("  two\t words\n", "two words"),
        ("Nguyễn", "nguyen"),
    ],
)
def test_texts_that_differ_in_case_accents_or_space_are_folded_to_the_same(
    one: str, other: str
) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("a", "o"), ("山田", "田山"), ("が", "か゛x")])
def test_other_texts_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["Muñoz", "ﷺ", "각", "İstanbul", "ǅ"])
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "is_part"),
    [("030 12", True), ("+49 (30)", True), ("612-34", True), ("12", False), ("a123", False)],
)
def test_three_digits_are_a_part_of_a_phone(text: str, is_part: bool) -> None:
    assert is_part_of_a_phone(text) is is_part


def test_leading_zeros_are_no_part_of_a_number() -> None:
    assert digits("0049 (30) 12") == "493012"
