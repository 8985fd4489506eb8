"""Contacts that are hard to write into a file."""

from datetime import date
from typing import Any
from uuid import UUID

from app.contacts.models import Contact
from app.contacts.schemas import NewContact

ID = UUID("0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11")
HARD: list[dict[str, Any]] = [
    {"firstName": "Grace"},
    {"company": "=1+1", "jobTitle": "'=x", "notes": "''-", "groups": ["@a", "+b"]},
    {"lastName": "'", "firstName": "it's", "company": "＝ fullwidth"},
    {"company": "\\", "jobTitle": "\\n; \\, :", "groups": [",", ";", "a\\,b"]},
    {"company": 'say "x"', "notes": 'a,"b"\n\n"c\n;', "address": "1 Street; left\nTown, State"},
    {
        "lastName": "Muñoz" * 15,
        "notes": "牛乳 🥛" * 200,
        "emails": [{"label": "work", "value": "a@b.c"}, {"label": "cell", "value": "d@e.f"}],
        "phones": [
            {"label": "mobile", "value": "+16502530000"},
            {"label": "fax", "value": "a: b; c, d"},
            {"label": "=SUM(1)", "value": "tell: me"},
            {"label": "Boot, groß; \\", "value": "1"},
            {"label": "cell", "value": "2"},
            {"label": "other", "value": "2"},
        ],
        "birthday": date(1, 2, 28),
        "favorite": True,
        "groups": ["Friends", "two words"],
    },
    {"company": "BEGIN:VCARD", "notes": "END:VCARD\nBEGIN:VCARD", "jobTitle": "N/A"},
    {"company": "x\N{ZERO WIDTH SPACE}", "notes": "a\tb \N{LINE SEPARATOR} c"},
]


def stored(fields: dict[str, Any]) -> Contact:
    """Return a contact as it would be stored."""
    return Contact(id=ID, **NewContact.model_validate(fields).model_dump())
