"""What clients send and get."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.carts.schemas import MAX_ITEMS, Change, PricedLine, Revision
from app.fields import ANY_TEXT, Amount, GivenLine
from app.orders.models import Order, OrderItem, PaymentStatus, Status
from app.pages import PageParameters
from app.problems import Problem
from app.products.schemas import Currency
from app.schemas import RequestBody, ResponseBody, Text


class ShippingAddress(RequestBody):
    """Where an order goes."""

    name: GivenLine
    street: GivenLine
    postal_code: Annotated[Text, Field(min_length=1, max_length=20, json_schema_extra=ANY_TEXT)]
    city: GivenLine
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]


class NewPayment(RequestBody):
    """How to pay."""

    card_number: Annotated[str, Field(pattern="^[0-9]{12,19}$")]

    @property
    def last_four(self) -> str:
        return self.card_number[-4:]


class NewOrder(RequestBody):
    """What a customer agrees to."""

    revision: Revision
    shipping_address: ShippingAddress
    payment: NewPayment


class OrderMove(RequestBody):
    """Where to move an order."""

    status: Literal["shipped", "delivered", "cancelled"]


class OrderQuery(PageParameters):
    """Which orders a list has, and which page of them."""

    status: Status | None = None


class OrderItemBody(PricedLine):
    """So many of a product, at the price of the order."""

    @classmethod
    def of(cls, item: OrderItem) -> "OrderItemBody":
        """Return a stored line of an order as clients see it."""
        return cls(
            product_id=item.product_id,
            slug=item.slug,
            name=item.name,
            quantity=item.quantity,
            unit_price=item.unit_price,
            tax_rate=item.tax_rate,
            subtotal=item.subtotal,
            discount=item.discount,
            tax=item.tax,
            total=item.total,
        )


class PaymentBody(ResponseBody):
    """How an order is paid."""

    status: PaymentStatus
    card_last_four: Annotated[str, Field(pattern="^[0-9]{4}$")]


class OrderBody(ResponseBody):
    """What was bought, at the prices of that moment."""

    id: UUID
    status: Status
    customer_id: UUID
    items: Annotated[list[OrderItemBody], Field(min_length=1, max_length=MAX_ITEMS)]
    coupon: str | None
    currency: Currency
    subtotal: Amount
    discount: Amount
    tax: Amount
    shipping: Amount
    total: Amount
    shipping_address: ShippingAddress
    payment: PaymentBody
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, order: Order) -> "OrderBody":
        """Return a stored order, whose items are loaded, as clients see it."""
        return cls(
            id=order.id,
            status=order.status,
            customer_id=order.user_id,
            items=[OrderItemBody.of(item) for item in order.items],
            coupon=order.coupon_code,
            currency=order.currency,
            subtotal=order.subtotal,
            discount=order.discount,
            tax=order.tax,
            shipping=order.shipping,
            total=order.total,
            shipping_address=ShippingAddress(
                name=order.ship_to_name,
                street=order.ship_to_street,
                postalCode=order.ship_to_postal_code,
                city=order.ship_to_city,
                country=order.ship_to_country,
            ),
            payment=PaymentBody(status=order.payment_status, card_last_four=order.card_last_four),
            created_at=order.created_at,
            updated_at=order.updated_at,
        )


class CartChangedProblem(Problem):
    """A problem that tells what has changed."""

    changes: list[Change]
