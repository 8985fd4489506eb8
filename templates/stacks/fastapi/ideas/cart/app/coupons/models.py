"""How coupons are stored."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

Kind = Literal["percent", "amount"]


class Coupon(Base):
    """Something off the price for those who know the code."""

    __tablename__ = "coupons"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # In capital letters.
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[Kind] = mapped_column(String(8))
    # Percent, or an amount of money.
    value: Mapped[int]
    min_subtotal: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    max_uses: Mapped[int | None]
    max_uses_per_user: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("max_uses IS NULL OR uses <= max_uses", name="uses_within_limit"),
    )


class CouponUse(Base):
    """An order that used a coupon."""

    __tablename__ = "coupon_uses"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    coupon_id: Mapped[UUID] = mapped_column(ForeignKey("coupons.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (Index(None, "coupon_id", "user_id"),)
