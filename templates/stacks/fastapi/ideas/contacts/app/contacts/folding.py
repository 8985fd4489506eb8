"""Texts without the differences that a search and a sort order should not see."""

import re
import unicodedata

# What people write between the digits of a phone number.
_PHONE_PART = re.compile(r"[0-9 +()./-]+")


def fold(text: str) -> str:
    """Return the text without differences of case, accents, width and white space."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", " ".join(bare.split()))


def digits(text: str) -> str:
    """Return the digits of a phone number, without the zeros before an area or a country."""
    return re.sub("[^0-9]", "", text).lstrip("0")


def is_part_of_a_phone(folded: str) -> bool:
    """Tell whether a folded text can only be a part of a phone number: three digits or more."""
    return bool(_PHONE_PART.fullmatch(folded)) and len(digits(folded)) >= 3
