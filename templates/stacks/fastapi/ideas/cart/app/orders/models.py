"""How orders are stored."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, UtcDateTime

Status = Literal["pending", "paid", "shipped", "delivered", "cancelled"]
PaymentStatus = Literal["pending", "succeeded", "declined", "refunded", "void"]


class Order(Base):
    """What a customer has bought, at the prices of that moment."""

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    # The customer's name for the request that made the order, and the hash of its body.
    idempotency_key: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[Status] = mapped_column(String(9))
    payment_status: Mapped[PaymentStatus] = mapped_column(String(9))
    card_last_four: Mapped[str] = mapped_column(String(4))
    coupon_code: Mapped[str | None] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    subtotal: Mapped[int] = mapped_column(BigInteger)
    discount: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger)
    shipping: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    ship_to_name: Mapped[str] = mapped_column(String(100))
    ship_to_street: Mapped[str] = mapped_column(String(100))
    ship_to_postal_code: Mapped[str] = mapped_column(String(20))
    ship_to_city: Mapped[str] = mapped_column(String(100))
    ship_to_country: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    items: Mapped[list["OrderItem"]] = relationship(order_by="OrderItem.position", lazy="raise")

    __table_args__ = (
        UniqueConstraint("user_id", "idempotency_key"),
        # The lists of a customer and of the staff, and the worker's search for overdue payments.
        Index(None, "user_id", "created_at"),
        Index(None, "created_at"),
        Index(None, "status", "created_at"),
    )


class OrderItem(Base):
    """So many of a product in an order."""

    __tablename__ = "order_items"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    # The item that it was in the cart, to which it goes back when the payment fails.
    cart_item_id: Mapped[UUID]
    slug: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int]
    unit_price: Mapped[int]
    tax_rate: Mapped[int]
    subtotal: Mapped[int] = mapped_column(BigInteger)
    discount: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
