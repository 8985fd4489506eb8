"""How the audit log is stored."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class AuditEntry(Base):
    """Something that somebody did.

    Rows are only ever added: triggers of the database refuse everything else, whoever asks. So they
    refer to nothing by foreign keys: they stay what they are when an organisation is deleted.
    """

    __tablename__ = "audit_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    organisation_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (Index(None, "organisation_id", "at", "id"),)


ENTRIES = Base.metadata.tables[AuditEntry.__tablename__]
