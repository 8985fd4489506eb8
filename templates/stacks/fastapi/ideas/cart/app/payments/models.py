"""The books of the payment service that app/payments/fake.py plays."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class FakeCharge(Base):
    """A payment as the payment service knows it; the shop never reads this table."""

    __tablename__ = "fake_charges"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    # closed: the shop has taken the payment back before the card was charged.
    status: Mapped[Literal["succeeded", "declined", "refunded", "closed"]] = mapped_column(
        String(9)
    )
    # Before this moment nobody gets to know the status.
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)
