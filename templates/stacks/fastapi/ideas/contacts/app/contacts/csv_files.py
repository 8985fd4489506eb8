"""Contacts as CSV (RFC 4180), for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.contacts.files import FileFormatError, Record
from app.contacts.models import Contact, Entries

FILE_NAME = "contacts.csv"
COLUMNS = [
    "id", "firstName", "lastName", "company", "jobTitle", "emails", "phones",
    "address", "birthday", "notes", "favorite", "groups",
]  # fmt: skip
# Makes Excel read UTF-8.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
# A spreadsheet runs a cell that begins like this. The apostrophe says that it is text, and is
# taken off by the import; so a text that begins with apostrophes before such a sign gets one too.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile("'*[=+@\t\r\n＝＋－＠-]")


def write(contacts: Sequence[Contact]) -> str:
    """Return contacts as CSV, with the header of COLUMNS."""
    file = io.StringIO(newline="")
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for contact in contacts:
        writer.writerow(map(_neutralized, _row(contact)))
    return file.getvalue()


def _row(contact: Contact) -> list[str]:
    return [
        str(contact.id),
        contact.first_name or "",
        contact.last_name or "",
        contact.company or "",
        contact.job_title or "",
        _lines(contact.emails),
        _lines(contact.phones),
        contact.address or "",
        contact.birthday.isoformat() if contact.birthday else "",
        contact.notes or "",
        "true" if contact.favorite else "false",
        "\n".join(contact.groups),
    ]


def _lines(entries: Entries) -> str:
    return "\n".join(f"{entry['label']}: {entry['value']}" for entry in entries)


def _neutralized(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _original(cell: str) -> str:
    """Take off what _neutralized has put on; programs write line ends in several ways."""
    cell = re.sub("\r\n?", "\n", cell)
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read(text: str) -> Iterator[Record]:
    """Give the contacts of a CSV file.

    Raises:
        FileFormatError: It is not CSV, or its header is none.
    """
    rows = _rows(text.removeprefix(BYTE_ORDER_MARK))
    _, header = next(rows, (1, []))
    header = [name.strip() for name in header]
    if len(set(header)) < len(header) or not set(header) <= set(COLUMNS):
        yield Record(1, error=f"The columns are: {', '.join(COLUMNS)}; each once at most.")
        return
    for line, cells in rows:
        # The last cells may be missing; an empty line is none.
        if any(cells):
            yield _record(line, header, cells)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileFormatError(f"Line {line} is not CSV: {error}.") from error


def _record(line: int, header: list[str], cells: list[str]) -> Record:
    if len(cells) > len(header):
        return Record(line, error=f"There are {len(cells)} cells under {len(header)} columns.")
    values = {name: _original(cell) for name, cell in zip(header, cells, strict=False) if cell}
    fields: dict[str, Any] = dict(values)
    fields.pop("id", None)
    for name in ("emails", "phones"):
        if name in values:
            fields[name] = [_entry(text) for text in _filled_lines(values[name])]
    if "groups" in values:
        fields["groups"] = list(_filled_lines(values["groups"]))
    if "favorite" in values:
        fields["favorite"] = _boolean(values["favorite"])
    return Record(line, fields, id=values.get("id", ""))


def _filled_lines(cell: str) -> Iterable[str]:
    return filter(str.strip, cell.split("\n"))


def _entry(text: str) -> dict[str, str]:
    label, colon, value = text.partition(":")
    return {"label": label, "value": value.strip()} if colon else {"value": text.strip()}


def _boolean(text: str) -> bool | str:
    """Return the boolean; anything else is left to be refused."""
    return {"true": True, "false": False}.get(text.strip().lower(), text)
