"""The audit log: written by all services, read by admins. Knows nothing of HTTP."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import ENTRIES, AuditEntry
from app.audit.schemas import AuditEntryBody, AuditQuery
from app.clock import now
from app.cursors import decode_cursor, encode_cursor
from app.database import Database
from app.fields import Moment
from app.rows import AnyRow, AnySelect, behind
from app.users.models import User
from app.users.schemas import user_or_none

# How many entries are read at once for the file with all of them.
BATCH = 500
# What the log is sorted by.
KEY = (AuditEntry.at, AuditEntry.id)


@dataclass(frozen=True)
class Actor:
    """Somebody who does something in an organisation.

    Args:
        user_id: Who it is.
        organisation_id: The organisation.
    """

    user_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class Change:
    """What somebody changed.

    Args:
        before: What it was; None for something new.
        after: What it is; None for something deleted.
    """

    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def record(
    session: AsyncSession, actor: Actor, action: str, object_id: UUID, change: Change
) -> None:
    """Note, in the caller's transaction, who did what.

    Args:
        session: Where it is done.
        actor: Who did it.
        action: What was done; it begins with the type of the object.
        object_id: What it was done to.
        change: What is different now.
    """
    session.add(AuditEntry(**_entry(actor, action, object_id, change)))


async def record_at_once(
    session: AsyncSession, actor: Actor, action: str, object_id: UUID, change: Change
) -> None:
    """Do the same without waiting for others, which takes less time when there are none."""
    await session.execute(insert(ENTRIES), _entry(actor, action, object_id, change))


def _entry(actor: Actor, action: str, object_id: UUID, change: Change) -> dict[str, Any]:
    return {
        "at": now(),
        "organisation_id": actor.organisation_id,
        "actor_id": actor.user_id,
        "action": action,
        "object_type": action.partition(".")[0],
        "object_id": object_id,
        "before": to_jsonable_python(change.before),
        "after": to_jsonable_python(change.after),
    }


async def list_entries(
    session: AsyncSession, organisation_id: UUID, query: AuditQuery
) -> tuple[list[AuditEntryBody], str | None]:
    """Return entries, the newest first, and where the next ones begin."""
    statement = _matching(organisation_id, query)
    if query.cursor is not None:
        at, entry_id = decode_cursor(query.cursor, tuple[Moment, UUID])
        statement = statement.where(behind(KEY, [at, entry_id], descending=True))
    statement = statement.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    rows = (await session.execute(statement.limit(query.limit + 1))).all()
    shown = rows[: query.limit]
    following = _cursor_of(shown[-1][0]) if len(rows) > query.limit else None
    return [body_of(row) for row in shown], following


async def all_entries(
    database: Database, organisation_id: UUID, query: AuditQuery
) -> AsyncIterator[Sequence[AnyRow]]:
    """Yield all entries in batches, the oldest first.

    Each batch has a connection to itself, for a moment: a client that reads slowly holds none.
    """
    last: tuple[datetime, UUID] | None = None
    while True:
        statement = _matching(organisation_id, query)
        if last is not None:
            statement = statement.where(behind(KEY, last))
        statement = statement.order_by(AuditEntry.at, AuditEntry.id).limit(BATCH)
        async with database.read_session() as session:
            rows = (await session.execute(statement)).all()
        if rows:
            yield rows
        if len(rows) < BATCH:
            return
        last = (rows[-1][0].at, rows[-1][0].id)


def _matching(organisation_id: UUID, query: AuditQuery) -> AnySelect:
    statement = (
        select(AuditEntry, User.display_name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.organisation_id == organisation_id)
    )
    if query.actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == query.actor_id)
    if query.object_id is not None:
        statement = statement.where(AuditEntry.object_id == query.object_id)
    if query.action is not None:
        statement = statement.where(AuditEntry.action == query.action)
    return statement


def _cursor_of(entry: AuditEntry) -> str:
    return encode_cursor(entry.at, entry.id)


def body_of(row: AnyRow) -> AuditEntryBody:
    """Return an entry as admins see it."""
    entry, name = row
    return AuditEntryBody(
        id=entry.id,
        at=entry.at,
        actor=user_or_none(entry.actor_id, name),
        action=entry.action,
        object_type=entry.object_type,
        object_id=entry.object_id,
        before=entry.before,
        after=entry.after,
    )
