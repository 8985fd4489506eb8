"""Takes contacts in from a file, all of them or none if the client does not say otherwise."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.contacts.columns import derived_columns, email_rows
from app.contacts.files import Record
from app.contacts.models import CONTACTS, EMAILS, Contact, ContactEmail
from app.contacts.schemas import MAX_ROWS, ImportReport, NewContact, RefusedRow
from app.contacts.service import ConflictError, lock_emails
from app.errors import ServiceError

# How often an import begins anew when other requests take its e-mails away under its hands.
ATTEMPTS = 3


class ImportRefusedError(ServiceError):
    """Rows cannot be stored, so nothing was."""

    status = 422
    detail = "Nothing was stored."

    def __init__(self, refused: Sequence[RefusedRow]) -> None:
        super().__init__()
        self.members = {"errors": [row.model_dump() for row in refused]}


class ImportConflictError(ConflictError):
    """Other requests were faster each time."""

    detail = "Your contacts changed during the import. Nothing was stored; try again."


@dataclass(frozen=True)
class Row:
    """A row that keeps all rules which it can keep or break alone.

    Args:
        line: Where it begins in the file.
        id: The id of the contact that it was made from, if the file tells.
        columns: What would be stored.
    """

    line: int
    id: UUID | None
    columns: dict[str, Any]

    @property
    def emails(self) -> list[str]:
        """Its e-mails in lower case."""
        return [entry["value"].lower() for entry in self.columns["emails"]]


@dataclass
class Rows:
    """The rows of a file, those that can be stored and those that cannot."""

    good: list[Row] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


def read_rows(data: bytes, read: Callable[[str], Iterator[Record]]) -> Rows:
    """Read and check a file. It takes a while: run it in a thread.

    Raises:
        FileFormatError: The file cannot be read.
        ImportRefusedError: There are too many rows.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ServiceError(f"Line {line} is not UTF-8.", status=400) from error
    rows = Rows()
    for number, record in enumerate(read(text), 1):
        if number > MAX_ROWS:
            detail = f"A file may have at most {MAX_ROWS} contacts."
            raise ImportRefusedError([RefusedRow(line=record.line, detail=detail)])
        checked = _checked(record)
        if isinstance(checked, Row):
            rows.good.append(checked)
        else:
            rows.refused.append(checked)
    return rows


def _checked(record: Record) -> Row | RefusedRow:
    if record.error:
        return RefusedRow(line=record.line, detail=record.error)
    try:
        fields = NewContact.model_validate(record.fields).model_dump()
    except ValidationError as error:
        return RefusedRow(line=record.line, detail="; ".join(_reasons(error)))
    return Row(record.line, _uuid(record.id), fields | derived_columns(fields))


def _reasons(error: ValidationError) -> Iterable[str]:
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(map(str, item["loc"]))
        yield f"{place}: {item['msg']}" if place else item["msg"]


def _uuid(text: str) -> UUID | None:
    """Return an id; another program's is none of ours."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def import_rows(
    session: AsyncSession, user_id: UUID, rows: Rows, *, partial: bool
) -> ImportReport:
    """Store the rows of a file, in one transaction.

    Raises:
        ImportRefusedError: A row cannot be stored, and `partial` is false.
        ImportConflictError: Other requests changed the contacts again and again.
    """
    for _ in range(ATTEMPTS):
        await lock_emails(session, user_id)
        plan = await _plan(session, user_id, rows)
        if plan.refused and not partial:
            raise ImportRefusedError(plan.refused)
        try:
            await _write(session, user_id, plan)
            await session.commit()
        except IntegrityError:
            await session.rollback()
        else:
            return ImportReport(
                created=len(plan.created),
                updated=len(plan.updated),
                refused=len(plan.refused),
                errors=plan.refused,
            )
    raise ImportConflictError


@dataclass
class _Plan:
    """Which contact each row creates or updates."""

    created: dict[UUID, Row] = field(default_factory=dict)
    updated: dict[UUID, Row] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)


async def _plan(session: AsyncSession, user_id: UUID, rows: Rows) -> _Plan:
    """Decide what to do with each row; two queries, however many rows there are."""
    ids = set(await session.scalars(select(Contact.id).where(Contact.user_id == user_id)))
    emails = select(ContactEmail.email, ContactEmail.contact_id)
    found = await session.execute(emails.where(ContactEmail.user_id == user_id))
    owners: dict[str, UUID] = dict(found.all())
    plan = _Plan(refused=list(rows.refused))
    # The lines on which a contact and an e-mail were first seen in this file.
    lines: dict[UUID | str, int] = {}
    for row in rows.good:
        targets = {owners[email] for email in row.emails if email in owners}
        if row.id in ids:
            targets.add(row.id)
        contact_id = next(iter(targets), None) or uuid4()
        keys: list[UUID | str] = [contact_id, *row.emails]
        earlier = next((lines[key] for key in keys if key in lines), None)
        if earlier or len(targets) > 1:
            detail = (
                f"It would be the same contact as line {earlier}, or have an e-mail of it."
                if earlier
                else "Its id and its e-mails belong to different contacts."
            )
            plan.refused.append(RefusedRow(line=row.line, detail=detail))
            continue
        lines |= dict.fromkeys(keys, row.line)
        (plan.updated if targets else plan.created)[contact_id] = row
    plan.refused.sort(key=lambda refused: refused.line)
    return plan


async def _write(session: AsyncSession, user_id: UUID, plan: _Plan) -> None:
    moment = now()
    emails = [
        row
        for contact_id, each in (plan.created | plan.updated).items()
        for row in email_rows(user_id, contact_id, each.columns["emails"])
    ]
    if plan.updated:
        await _update(session, plan.updated, moment)
    if plan.created:
        # One after the other, so that sorting by creation keeps the order of the file.
        created = [
            {
                "id": contact_id,
                "user_id": user_id,
                "version": 1,
                "created_at": moment + timedelta(microseconds=place),
                "updated_at": moment + timedelta(microseconds=place),
                **row.columns,
            }
            for place, (contact_id, row) in enumerate(plan.created.items())
        ]
        await session.execute(insert(CONTACTS), created)
    if emails:
        await session.execute(insert(EMAILS), emails)


async def _update(session: AsyncSession, updated: dict[UUID, Row], moment: datetime) -> None:
    """Replace contacts and take their e-mails away; the new ones follow."""
    connection = await session.connection()
    names = next(iter(updated.values())).columns
    statement = (
        update(CONTACTS)
        .where(CONTACTS.c.id == bindparam("the_id"))
        .values(
            version=CONTACTS.c.version + 1,
            updated_at=moment,
            **{name: bindparam(name) for name in names},
        )
    )
    rows = [{"the_id": contact_id, **row.columns} for contact_id, row in updated.items()]
    await connection.execute(statement, rows)
    emails = delete(EMAILS).where(EMAILS.c.contact_id == bindparam("the_id"))
    await connection.execute(emails, [{"the_id": contact_id} for contact_id in updated])
