"""How links are stored."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime
from app.short_links.codes import MAX_CODE
from app.short_links.targets import MAX_URL


class Link(Base):
    """A short URL and where it leads."""

    __tablename__ = "links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_id: Mapped[UUID] = mapped_column(ForeignKey("tokens.id"))
    short_code: Mapped[str] = mapped_column(String(MAX_CODE), unique=True)
    # The alias in lower case: aliases are unique whatever the case, random codes are not.
    alias_key: Mapped[str | None] = mapped_column(String(MAX_CODE), unique=True)
    url: Mapped[str] = mapped_column(String(MAX_URL))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The row of a deleted link stays, so that nobody gets its code again.
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    access_count: Mapped[int] = mapped_column(BigInteger, default=0)
    first_access_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_access_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # The order of the list.
    __table_args__ = (Index(None, "token_id", "created_at", "id"),)
