"""Text as a search sees it."""

import unicodedata


def fold(text: str) -> str:
    """Return the text without differences of case or of how accents are encoded.

    The databases' own lower() cannot do it: SQLite's knows only ASCII, PostgreSQL's depends on the
    server's locale. So what is searched is stored a second time, folded.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
