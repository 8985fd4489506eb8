import csv
import io
from typing import Any

import pytest

from app.contacts.csv_files import BYTE_ORDER_MARK, COLUMNS, read, write
from app.contacts.files import FileFormatError
from app.contacts.schemas import NewContact
from tests.unit.examples import HARD, ID, stored


def fields_of(text: str) -> list[dict[str, Any]]:
    return [record.fields for record in read(text)]


def test_a_file_has_a_header_and_a_row_for_each_contact() -> None:
    text = write([stored({"firstName": "Grace", "emails": [{"label": "work", "value": "g@h.i"}]})])
    header, row = text.removeprefix(BYTE_ORDER_MARK).splitlines()
    assert header == ",".join(f'"{name}"' for name in COLUMNS)
    assert row == f'"{ID}","Grace","","","","work: g@h.i","","","","","false",""'


@pytest.mark.parametrize("fields", HARD)
def test_what_is_written_is_read_back(fields: dict[str, Any]) -> None:
    text = write([stored(fields), stored({"company": "the next"})])
    first, second = read(text)
    assert first.id == str(ID)
    assert NewContact.model_validate(first.fields) == NewContact.model_validate(fields)
    assert second.fields["company"] == "the next"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'=", "''@"])
def test_a_formula_is_only_text_to_a_spreadsheet(sign: str) -> None:
    text = write([stored({"company": f"{sign}1+1"})])
    (row,) = csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""))
    assert row["company"] == f"'{sign}1+1"
    assert fields_of(text)[0]["company"] == f"{sign}1+1"


def test_no_cell_of_an_export_begins_like_a_formula() -> None:
    text = write([stored(fields) for fields in HARD])
    for row in csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")):
        assert not [cell for cell in row if cell[:1] in set("=+-@\t\r\n＝＋－＠")]


def test_columns_come_in_any_order_and_may_be_missing() -> None:
    assert fields_of("lastName, firstName\nHopper,Grace\n") == [
        {"lastName": "Hopper", "firstName": "Grace"}
    ]


def test_cells_may_be_missing_and_empty_lines_are_none() -> None:
    assert fields_of("firstName,lastName,notes\n\nGrace\n,,\n") == [{"firstName": "Grace"}]


def test_lists_have_one_item_a_line() -> None:
    (fields,) = fields_of('emails,groups\n"a@b.c\r\nwork:d@e.f\n","Friends\n\nNavy"\n')
    assert fields["emails"] == [{"value": "a@b.c"}, {"label": "work", "value": "d@e.f"}]
    assert fields["groups"] == ["Friends", "Navy"]


def test_line_ends_in_a_cell_become_line_feeds() -> None:
    (fields,) = fields_of('firstName,notes\r\nA,"one\r\ntwo\rthree\nfour"\r\n')
    assert fields["notes"] == "one\ntwo\nthree\nfour"


def test_records_know_the_line_on_which_they_begin() -> None:
    text = 'firstName,notes\nA,"one\ntwo"\n\nB,\n'
    assert [(record.line, record.fields["firstName"]) for record in read(text)] == [
        (2, "A"),
        (5, "B"),
    ]


@pytest.mark.parametrize("header", ["firstName,colour", "firstName,firstName", "first_name"])
def test_unknown_and_repeated_columns_are_refused(header: str) -> None:
    (record,) = read(f"{header}\nGrace,red\n")
    assert record.line == 1
    assert record.error.startswith("The columns are: id, firstName")


def test_more_cells_than_columns_are_refused() -> None:
    (record,) = read("firstName\nGrace,Hopper\n")
    assert (record.line, record.error) == (2, "There are 2 cells under 1 columns.")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('firstName\n"Grace', 2),
        ('firstName\nA\n"Gr"ace\n', 3),
        (f'firstName\n"{"x" * 140_000}"', 2),
    ],
)
def test_what_is_no_csv_is_refused(text: str, line: int) -> None:
    with pytest.raises(FileFormatError, match=f"^Line {line} is not CSV: "):
        list(read(text))


def test_an_empty_file_has_no_contacts() -> None:
    assert fields_of("") == []
