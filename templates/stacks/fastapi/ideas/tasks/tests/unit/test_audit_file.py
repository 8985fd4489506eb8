"""Cells of the audit log's file."""

import pytest

from app.audit.csv_file import neutralized


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "＝1"])
def test_a_formula_is_only_text_to_a_spreadsheet(cell: str) -> None:
    assert neutralized(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ada", "1=1", "O'Brien"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert neutralized(cell) == cell
