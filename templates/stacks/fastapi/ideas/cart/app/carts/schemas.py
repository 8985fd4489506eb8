"""What clients send and get."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.fields import Amount, GivenQuantity, Price, ProductName, Quantity, Slug, TaxRate
from app.products.schemas import Currency
from app.schemas import RequestBody, ResponseBody

MAX_ITEMS = 50

Revision = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
# JSON has no UUIDs: without this, strict bodies would refuse the text of one.
JsonUuid = Annotated[UUID, Field(strict=False)]


class NewCartItem(RequestBody):
    """A product to put into the cart."""

    product_id: JsonUuid
    quantity: GivenQuantity


class CartItemChanges(RequestBody):
    """What to change of an item."""

    quantity: GivenQuantity


class CouponCode(RequestBody):
    """A coupon to use."""

    code: Annotated[str, Field(max_length=40, pattern="^[A-Za-z0-9-]+$")]


class PricedLine(ResponseBody):
    """So many of a product, and what they cost."""

    product_id: UUID
    slug: Slug
    name: ProductName
    quantity: Quantity
    unit_price: Price
    tax_rate: TaxRate
    subtotal: Amount
    discount: Amount
    tax: Amount
    total: Amount


class CartItemBody(PricedLine):
    """So many of a product, at today's price."""

    id: UUID


class CartCoupon(ResponseBody):
    """The coupon in a cart."""

    code: str
    applies: bool
    detail: str


class Change(ResponseBody):
    """What is different since an item was put into the cart."""

    item_id: UUID
    kind: Literal["price", "stock", "archived"]
    was: int
    now: int
    detail: str


class CartBody(ResponseBody):
    """What a visitor wants to buy, at today's prices."""

    items: Annotated[list[CartItemBody], Field(max_length=MAX_ITEMS)]
    coupon: CartCoupon | None
    changes: list[Change]
    currency: Currency
    subtotal: Amount
    discount: Amount
    tax: Amount
    shipping: Amount
    total: Amount
    revision: Revision
