"""How the catalogue is stored."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Category(Base):
    """A part of the catalogue."""

    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))


class Product(Base):
    """Something to buy."""

    __tablename__ = "products"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    # Name and description without differences of case, for the search.
    search_text: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(ForeignKey("categories.slug"))
    price: Mapped[int]
    tax_rate: Mapped[int]
    stock: Mapped[int]
    archived: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        # The last line of defence: whatever the code does, nobody buys what is not there.
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        # The orders of the list.
        Index(None, "name", "id"),
        Index(None, "price", "id"),
        Index(None, "created_at", "id"),
        Index(None, "category"),
    )


class StockCorrection(Base):
    """A change of the stock by hand."""

    __tablename__ = "stock_corrections"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    delta: Mapped[int]
    stock: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    # Null: the examples, which nobody counted.
    corrected_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "product_id", "created_at"),)
