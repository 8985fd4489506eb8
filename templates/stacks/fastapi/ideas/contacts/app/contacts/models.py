"""How contacts are stored."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.database import Base, UtcDateTime

Entries = list[dict[str, str]]
# Sorted by code points everywhere: SQLite does, PostgreSQL asks the server's locale otherwise.
SORT_KEY_LENGTH = 300
SortKey = String(SORT_KEY_LENGTH).with_variant(String(SORT_KEY_LENGTH, collation="C"), "postgresql")


class Contact(Base):
    """Somebody, or a company, in the address book of a user."""

    __tablename__ = "contacts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    company: Mapped[str | None] = mapped_column(String(100))
    job_title: Mapped[str | None] = mapped_column(String(100))
    emails: Mapped[Entries] = mapped_column(JSON)
    phones: Mapped[Entries] = mapped_column(JSON)
    address: Mapped[str | None] = mapped_column(String(500))
    birthday: Mapped[date | None]
    notes: Mapped[str | None] = mapped_column(String(2000))
    favorite: Mapped[bool]
    groups: Mapped[list[str]] = mapped_column(JSON)
    # Made from the fields above on each write, for the search, the filter and the sort orders.
    # Queries use them, and nobody reads them.
    search_text: Mapped[str] = mapped_column(Text, deferred=True)
    group_keys: Mapped[str] = mapped_column(Text, deferred=True)
    by_last_name: Mapped[str] = mapped_column(SortKey, deferred=True)
    by_first_name: Mapped[str] = mapped_column(SortKey, deferred=True)
    by_company: Mapped[str] = mapped_column(SortKey, deferred=True)
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # A change that was made from an older version than the stored one is a StaleDataError.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the base class has no ClassVar
    __table_args__ = (
        Index(None, "user_id", "by_last_name", "id"),
        Index(None, "user_id", "created_at", "id"),
    )

    @property
    def name(self) -> str:
        """What to show for it."""
        full = " ".join(part for part in (self.first_name, self.last_name) if part)
        return full or self.company or ""


class ContactEmail(Base):
    """Which contact has an e-mail. Its key is what makes e-mails unique."""

    __tablename__ = "contact_emails"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    # In lower case.
    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), index=True
    )


# Where rows are written as rows and not as objects.
CONTACTS, EMAILS = (Base.metadata.tables[each.__tablename__] for each in (Contact, ContactEmail))
