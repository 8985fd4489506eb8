"""The audit log as CSV (RFC 4180), for spreadsheets."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from app.audit.schemas import AuditQuery
from app.audit.service import all_entries
from app.database import Database
from app.rows import AnyRow

MEDIA_TYPE = "text/csv"
COLUMNS = ["id", "at", "actorId", "actor", "action", "objectType", "objectId", "before", "after"]
# A spreadsheet runs a cell that begins like this. The apostrophe says that it is text.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile("'*[=+@\t\r\n＝＋－＠-]")


async def lines(database: Database, organisation_id: UUID, query: AuditQuery) -> AsyncIterator[str]:
    """Yield the file in pieces, the header first."""
    yield _rows([COLUMNS])
    async for batch in all_entries(database, organisation_id, query):
        yield _rows([_row(entry) for entry in batch])


def _row(row: AnyRow) -> list[str]:
    entry, name = row
    return [
        str(entry.id),
        entry.at.isoformat(),
        str(entry.actor_id or ""),
        neutralized(name or ""),
        entry.action,
        entry.object_type,
        str(entry.object_id),
        _json(entry.before),
        _json(entry.after),
    ]


def _json(value: dict[str, Any] | None) -> str:
    # It begins with a brace, which no spreadsheet runs.
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _rows(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def neutralized(cell: str) -> str:
    """Return a text so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
