"""What family a browser belongs to, by what it says about itself."""

import re
from enum import StrEnum


class Browser(StrEnum):
    """A family of browsers."""

    CHROME = "Chrome"
    EDGE = "Edge"
    FIREFOX = "Firefox"
    OPERA = "Opera"
    SAFARI = "Safari"
    SAMSUNG = "Samsung Internet"
    BOT = "Bot"
    OTHER = "Other"


# In this order: most browsers claim to be several others too, Edge for example Chrome and Safari.
FAMILIES = [
    (re.compile("bot|crawler|spider", re.IGNORECASE), Browser.BOT),
    (re.compile("Edg(e|A|iOS)?/"), Browser.EDGE),
    (re.compile("OPR/|Opera"), Browser.OPERA),
    (re.compile("SamsungBrowser/"), Browser.SAMSUNG),
    (re.compile("Firefox/|FxiOS/"), Browser.FIREFOX),
    (re.compile("Chrome/|CriOS/|Chromium/"), Browser.CHROME),
    (re.compile("Safari/"), Browser.SAFARI),
]


def family_of(user_agent: str) -> Browser:
    """Return the family that a `User-Agent` header names."""
    return next((family for words, family in FAMILIES if words.search(user_agent)), Browser.OTHER)
