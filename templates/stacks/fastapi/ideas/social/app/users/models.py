"""How accounts are stored."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

USER, MODERATOR = "user", "moderator"


class User(Base):
    """Somebody with an account, and what others see of them."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # In lower case. A provider need not tell it.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    # Null for those who only sign in with a provider.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # Raised when every token from before must not count any more.
    token_version: Mapped[int] = mapped_column(default=0)
    handle: Mapped[str] = mapped_column(String(30), unique=True)
    display_name: Mapped[str] = mapped_column(String(50))
    bio: Mapped[str] = mapped_column(String(300), default="")
    # An own image. No foreign key: images have one to their owner, and a circle of two tables can
    # neither be made nor deleted in an order.
    avatar_id: Mapped[UUID | None]
    # The image's thumbnail, kept here because every list shows it beside the name.
    avatar_file: Mapped[str | None] = mapped_column(String(100))
    private: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str] = mapped_column(String(20), default=USER)
    # Handle and name, folded, for the search.
    search_text: Mapped[str] = mapped_column(String(200))
    # Has, or once had, too many followers for fan-out; app/timelines/cache.py tells why it stays.
    widely_followed: Mapped[bool] = mapped_column(default=False)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_moderator(self) -> bool:
        return self.role == MODERATOR
