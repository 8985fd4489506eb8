"""How users are stored."""

import unicodedata
from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

# The number of a user that no user has.
NOBODY = 0


def username_key(username: str) -> str:
    """Return what two names have in common that differ only in case or in how they are encoded."""
    return unicodedata.normalize("NFKC", username.strip()).lower()


class User(Base):
    """Somebody who writes and reads."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(50))
    # The database's own lower() depends on which database it is, and on the server's locale.
    username_key: Mapped[str] = mapped_column(Text, unique=True)
    # In lower case. Longer than what is accepted: lower case can have more characters.
    email: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    # Tokens with another version are invalid; a new password raises it.
    token_version: Mapped[int] = mapped_column(default=1)
    bio: Mapped[str | None] = mapped_column(String(2000))
    image: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
