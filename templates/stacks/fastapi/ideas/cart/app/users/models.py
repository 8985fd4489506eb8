"""How accounts are stored."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

Role = Literal["customer", "staff"]


class User(Base):
    """Somebody with an account."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # In small letters.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
