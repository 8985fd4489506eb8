"""How accesses are stored: counted by kind, never one by one."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.short_links.targets import MAX_HOST


class AccessCount(Base):
    """How often a link was followed on a day, from one host, with one family of browsers."""

    __tablename__ = "access_counts"

    link_id: Mapped[UUID] = mapped_column(ForeignKey("links.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    # Empty where the browser named none: a primary key has no nulls.
    referrer: Mapped[str] = mapped_column(String(MAX_HOST), primary_key=True)
    browser: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
