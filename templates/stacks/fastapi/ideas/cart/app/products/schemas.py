"""What clients send and get."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, Field
from sqlalchemy import Row

from app.fields import (
    ANY_TEXT,
    MAX_PRICE,
    GivenPrice,
    GivenProductName,
    GivenTaxRate,
    Price,
    ProductName,
    Slug,
    TaxRate,
)
from app.money import CURRENCY
from app.pages import PageParameters
from app.products.models import Category, Product, StockCorrection
from app.schemas import (
    TEXT_PATTERN,
    RequestBody,
    ResponseBody,
    Text,
    json_integer,
    strict_boolean,
    strict_integer,
)

MAX_STOCK = 1_000_000

DESCRIPTION = Field(max_length=5000, json_schema_extra=ANY_TEXT)
Description = Annotated[str, DESCRIPTION]
GivenDescription = Annotated[Text, DESCRIPTION]
PriceLimit = Annotated[int | None, Field(ge=0, le=MAX_PRICE), strict_integer]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Sort = Literal["name", "-name", "price", "-price", "createdAt", "-createdAt"]


class ProductQuery(PageParameters):
    """Which products a list has, in which order, and which page of them."""

    q: Annotated[str | None, Field(max_length=100, pattern=TEXT_PATTERN)] = None
    category: Slug | None = None
    min_price: PriceLimit = None
    max_price: PriceLimit = None
    in_stock: Annotated[bool | None, strict_boolean] = None
    sort: Sort = "name"


class NewProduct(RequestBody):
    """A product to create."""

    slug: Slug
    name: GivenProductName
    description: GivenDescription = ""
    category: Slug
    price: GivenPrice
    tax_rate: GivenTaxRate
    stock: Annotated[int, Field(ge=0, le=MAX_STOCK), json_integer] = 0


class ProductChanges(RequestBody):
    """The fields of a product to change; the others stay as they are."""

    name: GivenProductName | MISSING = MISSING
    description: GivenDescription | MISSING = MISSING
    category: Slug | MISSING = MISSING
    price: GivenPrice | MISSING = MISSING
    tax_rate: GivenTaxRate | MISSING = MISSING
    archived: bool | MISSING = MISSING


class ProductBody(ResponseBody):
    """A product as it is stored."""

    id: UUID
    slug: Slug
    name: ProductName
    description: Description
    category: Slug
    price: Price
    currency: Currency
    tax_rate: TaxRate
    stock: Annotated[int, Field(ge=0)]
    archived: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, product: Product | Row[Any]) -> "ProductBody":
        """Return a stored product as clients see it."""
        return cls(
            id=product.id,
            slug=product.slug,
            name=product.name,
            description=product.description,
            category=product.category,
            price=product.price,
            currency=CURRENCY,
            tax_rate=product.tax_rate,
            stock=product.stock,
            archived=product.archived,
            created_at=product.created_at,
            updated_at=product.updated_at,
        )


class NewStockCorrection(RequestBody):
    """A correction of a product's stock."""

    delta: Annotated[int, Field(ge=-MAX_STOCK, le=MAX_STOCK), json_integer]
    reason: Annotated[Text, Field(min_length=1, max_length=200, json_schema_extra=ANY_TEXT)]


class StockCorrectionBody(ResponseBody):
    """A correction of a product's stock, as it was recorded."""

    id: UUID
    delta: int
    stock: int
    reason: str
    corrected_by: UUID | None
    created_at: datetime

    @classmethod
    def of(cls, correction: StockCorrection) -> "StockCorrectionBody":
        """Return a stored correction as staff see it."""
        return cls(
            id=correction.id,
            delta=correction.delta,
            stock=correction.stock,
            reason=correction.reason,
            corrected_by=correction.corrected_by,
            created_at=correction.created_at,
        )


class CategoryBody(ResponseBody):
    """A category of the catalogue."""

    slug: Slug
    name: str
    products: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, category: Category, products: int) -> "CategoryBody":
        """Return a stored category with the number of its products."""
        return cls(slug=category.slug, name=category.name, products=products)
