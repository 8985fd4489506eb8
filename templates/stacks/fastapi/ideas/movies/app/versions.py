"""Rows that change: each change makes a new version, and a writer may insist on the one it saw."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, inspect, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.database import Base, UtcDateTime
from app.errors import NotFoundError
from app.etags import PreconditionFailedError, etag_of


class Versioned(Base):
    """A model whose rows count their changes."""

    __abstract__ = True

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def etag(self) -> str:
        """The entity tag of this version."""
        return etag_of(*_identity(self), self.version)


async def change_row(
    session: AsyncSession, row: Versioned, values: dict[str, Any], *, exact: bool
) -> None:
    """Set columns of a row and no others, and read it again; the row stays locked until commit.

    One UPDATE of only these columns: writing back the whole row would undo what another client
    changed in between.

    Args:
        session: The transaction.
        row: The row as it was read.
        values: The columns.
        exact: Only if it is still the version that was read.

    Raises:
        PreconditionFailedError: It is not.
        NotFoundError: The row has been deleted meanwhile.
    """
    model = type(row)
    statement = update(model).where(*_same(row, exact=exact))
    statement = statement.values(**values, version=model.version + 1, updated_at=now())
    statement = statement.returning(model.version)
    changed = await session.scalar(statement.execution_options(synchronize_session=False))
    _require(changed, exact=exact)
    await session.refresh(row)


async def delete_row(session: AsyncSession, row: Versioned, *, exact: bool) -> None:
    """Delete a row; the arguments and errors are those of change_row."""
    statement = delete(type(row)).where(*_same(row, exact=exact)).returning(type(row).version)
    deleted = await session.scalar(statement.execution_options(synchronize_session=False))
    _require(deleted, exact=exact)


def _same(row: Versioned, *, exact: bool) -> list[Any]:
    key = zip(inspect(type(row)).primary_key, _identity(row), strict=True)
    conditions: list[Any] = [column == value for column, value in key]
    return [*conditions, type(row).version == row.version] if exact else conditions


def _identity(row: Versioned) -> tuple[Any, ...]:
    return tuple(inspect(type(row)).primary_key_from_instance(row))


def _require(version: int | None, *, exact: bool) -> None:
    if version is None:
        raise PreconditionFailedError if exact else NotFoundError
