"""Imports movies, people and credits from files: `python -m app.imports movies movies.csv`.

A file is CSV with a header, or JSON lines, as its name ends. It is read row by row and stored in
batches, so its size does not matter. A row is known by its external id: importing it again changes
what differs and nothing else. A row that is not valid is reported, and the others are stored.
"""

import argparse
import asyncio
import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError
from tqdm import tqdm

from app.database import Database
from app.imports.kinds import KINDS, Kind, Row
from app.models import Base
from app.settings import load_settings

# Rows in one transaction: enough for speed, and few enough to be held in memory.
BATCH = 1000
# In seconds.
VACUUM_TIMEOUT = 600


class Report:
    """Counts rows, and tells at once which ones are refused and why.

    Args:
        refused: Where to tell it.
    """

    def __init__(self, refused: TextIO) -> None:
        self.stored = 0
        self.refused = 0
        self._file = refused

    def refuse(self, place: int, reason: str) -> None:
        """Tell that a row, counted from 1, is refused."""
        self.refused += 1
        self._file.write(f"row {place}: {reason}\n")


def read_rows(file: TextIO, *, is_csv: bool) -> Iterator[Mapping[str, Any] | str]:
    """Give the rows of a file one after the other; a text is what is wrong with one."""
    if is_csv:
        for row in csv.DictReader(file):
            # An empty cell is a value that is not there.
            yield {name: value for name, value in row.items() if value not in {"", None}}
        return
    for line in file:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield "is not JSON"
        else:
            yield row if isinstance(row, dict) else "is not an object"


def checked_rows(
    rows: Iterable[Mapping[str, Any] | str], kind: Kind, report: Report
) -> Iterator[tuple[int, Row]]:
    """Give the rows that are valid with their places, and report the others."""
    for place, row in enumerate(rows, 1):
        if isinstance(row, str):
            report.refuse(place, row)
            continue
        try:
            yield place, kind.model.model_validate(row)
        except ValidationError as error:
            report.refuse(place, "; ".join(_describe(error)))


def _describe(error: ValidationError) -> Iterator[str]:
    for item in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in item["loc"])
        # A message must stay on its line.
        yield f"{name}: {item['msg']}".encode("unicode_escape").decode()


async def import_rows(
    database: Database, kind: Kind, rows: Iterable[Mapping[str, Any] | str], report: Report
) -> None:
    """Store rows of a kind, a batch at a time."""
    checked = checked_rows(rows, kind, report)
    while batch := dict(islice(checked, BATCH)):
        async with database.session() as session:
            refused = await kind.store(session, batch)
            await session.commit()
        for place, reason in refused.items():
            report.refuse(place, reason)
        report.stored += len(batch) - len(refused)


async def tidy(database: Database) -> None:
    """Let PostgreSQL look at its tables now: its plans are only as good as its statistics."""
    if database.engine.dialect.name != "postgresql":
        return
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    async with database.engine.connect() as connection:
        # Past SQLAlchemy: VACUUM cannot be in a transaction, and takes longer than a query may.
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        await driver.execute(f"VACUUM (ANALYZE) {tables}", timeout=VACUUM_TIMEOUT)


@contextmanager
def opened_rows(file: Path, label: str) -> Iterator[Iterator[Mapping[str, Any] | str]]:
    """Give the rows of a file, with a progress bar on standard error if that is a terminal."""
    with (
        file.open("rb") as raw,
        io.TextIOWrapper(raw, "utf-8-sig", errors="replace", newline="") as lines,
        tqdm(
            total=file.stat().st_size, desc=label, unit="B", unit_scale=True, disable=None
        ) as progress,
    ):

        def rows() -> Iterator[Mapping[str, Any] | str]:
            for row in read_rows(lines, is_csv=file.suffix.lower() == ".csv"):
                progress.update(raw.tell() - progress.n)
                yield row

        yield rows()


async def import_file(database: Database, kind: Kind, file: Path, refused: TextIO) -> Report:
    """Import a file, and tell which rows are refused."""
    report = Report(refused)
    with opened_rows(file, f"Importing {kind.name}") as rows:
        await import_rows(database, kind, rows, report)
    await tidy(database)
    return report


def main(arguments: list[str] | None = None) -> None:
    """Import the file that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m app.imports", description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("file", type=Path, help="*.csv, or JSON lines")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        sys.exit(f"There is no file {str(options.file)!r}.")
    report = asyncio.run(_import(KINDS[options.kind], options.file))
    sys.stdout.write(f"Imported {report.stored} {options.kind}, refused {report.refused}.\n")


async def _import(kind: Kind, file: Path) -> Report:
    database = Database(load_settings().sqlalchemy_url)
    try:
        return await import_file(database, kind, file, sys.stderr)
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
