"""What files of contacts have in common, whatever their format."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.contacts.models import Contact
from app.errors import ServiceError

MAX_FILE_BYTES = 5 * 2**20


class FileFormatError(ServiceError):
    """A file cannot be read as what it claims to be, from some line on."""

    status = 400


@dataclass
class Record:
    """One contact in a file.

    Args:
        line: Where it begins, from 1.
        fields: What it says, by the names of the fields in JSON; not checked yet.
        id: The id that it has in the file, if any.
        error: Why it cannot be understood.
    """

    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    error: str = ""


class Format(Protocol):
    """A module that reads and writes a format."""

    FILE_NAME: str

    def read(self, text: str) -> Iterator[Record]:
        """Give the contacts of a file.

        Raises:
            FileFormatError: It has another format.
        """

    def write(self, contacts: Sequence[Contact]) -> str:
        """Return contacts as a file."""


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """Return the offered media type that an `Accept` header likes best (RFC 9110, 12.5.1).

    Args:
        accept: The header's value; an empty one likes everything.
        offers: Media types; the first one wins among equals.
    """
    ranges = dict(map(_media_range, accept.split(","))) if accept.strip() else {"*/*": 1.0}
    weights = {offer: _weight(offer, ranges) for offer in offers}
    best = max(offers, key=lambda offer: weights[offer])
    return best if weights[best] > 0 else None


def _media_range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0


def _weight(offer: str, ranges: Mapping[str, float]) -> float:
    family = offer.partition("/")[0] + "/*"
    return next((ranges[name] for name in (offer, family, "*/*") if name in ranges), 0.0)
