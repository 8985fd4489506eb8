from typing import Any

import pytest

from app.contacts.files import FileFormatError, Record
from app.contacts.schemas import NewContact
from app.contacts.vcards import MAX_LINE_BYTES, read, write
from tests.unit.examples import HARD, ID, stored


def card(*lines: str, version: str = "4.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def only(text: str) -> Record:
    (record,) = read(text)
    return record


def test_a_card_has_the_lines_of_the_rfc() -> None:
    contact = stored(
        {
            "firstName": "Grace",
            "lastName": "Hopper",
            "emails": [{"label": "work", "value": "g@h.i"}],
            "phones": [
                {"label": "mobile", "value": "+16502530000"},
                {"label": "Ship", "value": "1"},
            ],
            "address": "1 Harbor Street\nArlington",
        }
    )
    assert write([contact]).split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"UID:urn:uuid:{ID}",
        "FN:Grace Hopper",
        "N:Hopper;Grace;;;",
        "EMAIL;TYPE=work:g@h.i",
        "TEL;TYPE=cell:+16502530000",
        "tel2.TEL:1",
        "tel2.X-ABLabel:Ship",
        r"ADR:;;1 Harbor Street\nArlington;;;;",
        "END:VCARD",
        "",
    ]


@pytest.mark.parametrize("fields", HARD)
def test_what_is_written_is_read_back(fields: dict[str, Any]) -> None:
    text = write([stored(fields), stored({"company": "the next"})])
    first, second = read(text)
    assert first.id == str(ID)
    assert NewContact.model_validate(first.fields) == NewContact.model_validate(fields)
    assert second.fields["company"] == "the next"


def test_no_line_is_longer_than_the_rfc_allows() -> None:
    for line in write([stored(fields) for fields in HARD]).split("\r\n"):
        assert len(line.encode()) <= MAX_LINE_BYTES


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("FN:Grace Hopper", {"lastName": "", "firstName": "Grace Hopper"}),
        ("N:Hopper;Grace;Brewster;Dr.;", {"lastName": "Hopper", "firstName": "Grace"}),
        ("N:Hopper", {"lastName": "Hopper", "firstName": ""}),
        (r"ORG:Navy\, US;Research", {"company": "Navy, US Research"}),
        ("BDAY:1906-12-09", {"birthday": "1906-12-09"}),
        ("BDAY:19061209T101112Z", {"birthday": "1906-12-09"}),
        ("BDAY:--1209", {"birthday": "--1209"}),
        (r"NOTE:a\nb\Nc\\n\;", {"notes": "a\nb\nc\\n;"}),
        ("NOTE:dangling\\", {"notes": "dangling\\"}),
        (r"CATEGORIES:Friends,a\,b,", {"groups": ["Friends", "a,b"]}),
        ("X-FAVORITE:TRUE", {"favorite": True}),
        ("X-FAVORITE:no", {"favorite": False}),
        (
            'TEL;VALUE=uri;TYPE="cell,voice";PREF=1:tel:+1-650-253-0000',
            {"phones": [{"label": "mobile", "value": "+1-650-253-0000"}]},
        ),
        ("TEL;TYPE=HOME;TYPE=text:1", {"phones": [{"label": "home", "value": "1"}]}),
        ("EMAIL;TYPE=internet:mailto:a@b.c", {"emails": [{"label": "other", "value": "a@b.c"}]}),
        ('EMAIL;X-A="a:b;c";TYPE=work:a@b.c', {"emails": [{"label": "work", "value": "a@b.c"}]}),
        ("EMAIL:", {"emails": []}),
        (
            "item1.EMAIL:a@b.c\r\nITEM1.X-ABLABEL:_$!<School>!$_",
            {"emails": [{"label": "School", "value": "a@b.c"}]},
        ),
        (
            "ADR;TYPE=home:;;1 Street;Town;;12345;",
            {"address": "1 Street\nTown\n12345"},
        ),
        ("NOTE:fold\r\n ed\r\n\t twice", {"notes": "folded twice"}),
        ("NOTE:first\r\nNOTE:second", {"notes": "first"}),
        ("photo:data:image/png;base64,AAAA", {"notes": ""}),
    ],
)
def test_properties_are_understood(line: str, fields: dict[str, Any]) -> None:
    record = only(card(line))
    assert record.error == ""
    assert record.fields.items() >= fields.items()


def test_only_a_uuid_is_an_id() -> None:
    assert only(card(f"UID:URN:UUID:{ID}")).id == str(ID)
    assert only(card("UID:somebody@example.com")).id == ""


def test_cards_know_the_line_on_which_they_begin() -> None:
    text = "\n" + card("NOTE:fold\r\n ed") + "\r\n" + card("FN:x")
    assert [record.line for record in read(text)] == [2, 8]


@pytest.mark.parametrize("version", ["3.0", "2.1", ""])
def test_another_version_is_refused(version: str) -> None:
    record = only(card("FN:Grace", version=version))
    assert record.error == "Only version 4.0 is understood."


def test_a_line_that_is_no_property_refuses_its_card_only() -> None:
    bad, good = read(card("FN:Grace", "nonsense") + card("FN:Alan"))
    assert bad.error == "This is no property of a vCard: nonsense"
    assert good.error == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Grace Hopper", "Line 1 is not vCard"),
        (card("FN:x") + "more", "Line 5 is not vCard"),
        ("END:VCARD", "Line 1 is not vCard"),
        ("BEGIN:VCARD\nBEGIN:VCARD", "Line 2 is not vCard"),
        ("\nBEGIN:VCARD\nFN:x", "Line 2 begins a vCard that does not end"),
    ],
)
def test_what_is_no_card_is_refused(text: str, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        list(read(text))


def test_an_empty_file_has_no_contacts() -> None:
    assert list(read("\r\n")) == []
