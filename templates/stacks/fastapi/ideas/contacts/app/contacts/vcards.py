"""Contacts as vCards, version 4.0 (RFC 6350), for phones and mail programs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.contacts.files import FileFormatError, Record
from app.contacts.models import Contact, Entries

FILE_NAME = "contacts.vcf"
MAX_LINE_BYTES = 75
# Our labels, and the types of the RFC that mean the same. A phone may have several types: the
# first of these counts, so "home,cell" is a mobile phone.
TYPES = {"mobile": "cell", "fax": "fax", "pager": "pager", "home": "home", "work": "work"}
UUID_PREFIX = "urn:uuid:"

_ESCAPES = {"\\": "\\\\", "\n": "\\n", ",": "\\,", ";": "\\;"}
# A colon or a semicolon between quotes belongs to the value of a parameter.
_PROPERTY = re.compile(
    r"(?:(?P<group>[A-Za-z0-9-]+)\.)?(?P<name>[A-Za-z0-9-]+)"
    r'(?P<parameters>(?:;[^":;]*(?:"[^"]*"[^":;]*)*)*):'
)
_TYPE = re.compile(r';TYPE=((?:"[^"]*"|[^";:])*)', re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T.*)?")
# How Apple marks labels which its programs translate.
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")


def write(contacts: Sequence[Contact]) -> str:
    """Return contacts as vCards."""
    return "".join(_folded(line) for contact in contacts for line in _card(contact))


def _card(contact: Contact) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"UID:{UUID_PREFIX}{contact.id}"
    yield f"FN:{_escaped(contact.name)}"
    yield f"N:{_escaped(contact.last_name)};{_escaped(contact.first_name)};;;"
    if contact.company:
        yield f"ORG:{_escaped(contact.company)}"
    if contact.job_title:
        yield f"TITLE:{_escaped(contact.job_title)}"
    yield from _entries("EMAIL", contact.emails, "email")
    yield from _entries("TEL", contact.phones, "tel")
    if contact.address:
        yield f"ADR:;;{_escaped(contact.address)};;;;"
    if contact.birthday:
        yield f"BDAY:{contact.birthday.isoformat().replace('-', '')}"
    if contact.notes:
        yield f"NOTE:{_escaped(contact.notes)}"
    if contact.groups:
        yield f"CATEGORIES:{','.join(map(_escaped, contact.groups))}"
    if contact.favorite:
        yield "X-FAVORITE:true"
    yield "END:VCARD"


def _entries(name: str, entries: Entries, group: str) -> Iterator[str]:
    """Give properties with a type, or in a group with a label, as address books write it."""
    for number, entry in enumerate(entries, 1):
        label, value = entry["label"], _escaped(entry["value"])
        if label == "other":
            yield f"{name}:{value}"
        elif _has_type(name, label):
            yield f"{name};TYPE={TYPES[label]}:{value}"
        else:
            yield f"{group}{number}.{name}:{value}"
            yield f"{group}{number}.X-ABLabel:{_escaped(label)}"


def _has_type(name: str, label: str) -> bool:
    # Only telephones can be mobile, or a fax.
    return label in TYPES if name == "TEL" else label in {"home", "work"}


def _escaped(text: str | None) -> str:
    return re.sub(r"[\\\n,;]", lambda match: _ESCAPES[match[0]], text or "")


def _folded(line: str) -> str:
    """Return a line in pieces of 75 bytes at most, without splitting a character."""
    pieces, piece = [], b""
    for sign in line:
        encoded = sign.encode()
        if len(piece) + len(encoded) > MAX_LINE_BYTES:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece, b""]).decode()


@dataclass
class _Property:
    """One line of a card."""

    group: str
    name: str
    types: set[str]
    value: str


def read(text: str) -> Iterator[Record]:
    """Give the contacts of a file of vCards.

    Raises:
        FileFormatError: There is something else than cards in it.
    """
    begin = 0
    card: list[str] = []
    for number, line in _unfolded(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")):
        mark = line.strip().upper()
        if mark == "BEGIN:VCARD" and not begin:
            begin, card = number, []
        elif mark == "END:VCARD" and begin:
            yield _record(begin, card)
            begin = 0
        elif begin and mark != "BEGIN:VCARD":
            card.append(line)
        elif mark:
            raise FileFormatError(f"Line {number} is not vCard: it does not belong here.")
    if begin:
        raise FileFormatError(f"Line {begin} begins a vCard that does not end.")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Give each line with its number; one that begins with a space continues the one before."""
    start = 1
    pieces: list[str] = []
    for number, line in enumerate(re.split("\r\n|\n", text), 1):
        if line[:1] in {" ", "\t"} and pieces:
            pieces.append(line[1:])
            continue
        if pieces:
            yield start, "".join(pieces)
        start, pieces = number, [line]
    yield start, "".join(pieces)


def _record(line: int, card: list[str]) -> Record:
    properties = []
    for text in filter(str.strip, card):
        match = _PROPERTY.match(text)
        if not match:
            return Record(line, error=f"This is no property of a vCard: {text[:50]}")
        properties.append(
            _Property(
                group=(match["group"] or "").lower(),
                name=match["name"].upper(),
                types={
                    kind
                    for values in _TYPE.findall(match["parameters"])
                    for kind in values.replace('"', "").lower().split(",")
                },
                value=text[match.end() :],
            )
        )
    return _understood(line, properties)


def _understood(line: int, properties: list[_Property]) -> Record:
    first = {each.name: each.value for each in reversed(properties)}
    if first.get("VERSION", "").strip() != "4.0":
        return Record(line, error="Only version 4.0 is understood.")
    labels = {each.group: each.value for each in properties if each.name == "X-ABLABEL"}
    last_name, first_name = _name(first)
    return Record(
        line,
        {
            "firstName": first_name,
            "lastName": last_name,
            "company": " ".join(filter(None, _components(first.get("ORG", "")))),
            "jobTitle": _text(first.get("TITLE", "")),
            "emails": _read_entries("EMAIL", properties, labels, "mailto:"),
            "phones": _read_entries("TEL", properties, labels, "tel:"),
            "address": "\n".join(filter(None, _components(first.get("ADR", "")))),
            "birthday": _birthday(first.get("BDAY")),
            "notes": _text(first.get("NOTE", "")),
            "favorite": first.get("X-FAVORITE", "").strip().lower() in {"true", "1"},
            "groups": list(filter(str.strip, _split(first.get("CATEGORIES", ""), ","))),
        },
        id=_uuid_of(first.get("UID", "")),
    )


def _name(first: dict[str, str]) -> tuple[str, str]:
    last_name, first_name, *_ = [*_components(first.get("N", "")), "", ""]
    if not last_name and not first_name and "ORG" not in first:
        return "", _text(first.get("FN", ""))
    return last_name, first_name


def _uuid_of(uid: str) -> str:
    uid = uid.strip().lower()
    return uid.removeprefix(UUID_PREFIX) if uid.startswith(UUID_PREFIX) else ""


def _birthday(value: str | None) -> str | None:
    """Return a whole date; any other text, such as --1224, is left to be refused."""
    if value is None:
        return None
    match = _DATE.fullmatch(value.strip())
    return "-".join(match.groups()) if match else value


def _read_entries(
    name: str, properties: list[_Property], labels: dict[str, str], scheme: str
) -> Entries:
    return [
        {
            "label": _label(each, labels),
            "value": re.sub(f"^{scheme}", "", _text(each.value), flags=re.IGNORECASE),
        }
        for each in properties
        if each.name == name and each.value.strip()
    ]


def _label(entry: _Property, labels: dict[str, str]) -> str:
    own = _APPLE_LABEL.sub(r"\1", _text(labels.get(entry.group, "") if entry.group else ""))
    if own.strip():
        return own
    return next((label for label, kind in TYPES.items() if kind in entry.types), "other")


def _components(value: str) -> list[str]:
    return _split(value, ";")


def _split(value: str, separator: str) -> list[str]:
    r"""Split at a separator which no backslash escapes, and undo the escapes."""
    parts = re.findall(rf"((?:\\.?|[^\\{separator}])*)(?:{separator}|$)", value, flags=re.DOTALL)
    # The pattern finds an empty rest at the end.
    return [_text(part) for part in parts[:-1]] or [_text(value)]


def _text(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
