"""Phone numbers."""

import re

import phonenumbers

# A country code and what people write between digits. Anything else ("ext. 5", "ask for Bob")
# would be lost in the form of E.164.
_INTERNATIONAL = re.compile(r"\+[0-9 ()./-]+")


def normalize_phone(text: str) -> str:
    """Return a valid international number in the form of E.164, and any other text as it is."""
    if not _INTERNATIONAL.fullmatch(text):
        return text
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_valid_number(number):
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
