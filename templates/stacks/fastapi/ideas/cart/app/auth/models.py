"""How sessions are stored."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class WebSession(Base):
    """A client that comes back, logged in or not."""

    __tablename__ = "sessions"

    # The hash of the id in the cookie: who reads this table can use no session.
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
