import pytest

from app.contacts.phones import normalize_phone


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("+1 650-253-0000", "+16502530000"),
        ("+44 (20) 7946/0018", "+442079460018"),
        ("+34.612.34.56.78", "+34612345678"),
    ],
)
def test_a_valid_international_number_is_stored_as_e164(given: str, stored: str) -> None:
    assert normalize_phone(given) == stored
    assert normalize_phone(stored) == stored


@pytest.mark.parametrize(
    "text",
    [
        "030 123456",
        "+1 555",
        "+999 12345678",
        "+",
        "+1 650-253-0000 ext. 5",
        "+1 650-253-0000 (ask for Bob)",
        "call the switchboard",
    ],
)
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert normalize_phone(text) == text
