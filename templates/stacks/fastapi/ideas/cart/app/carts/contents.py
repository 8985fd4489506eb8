"""A cart as it was read: its lines, what they cost today, and what has changed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.carts.models import CartItem
from app.carts.schemas import CartBody, CartCoupon, CartItemBody, Change
from app.carts.totals import LineTotals, Position, Totals, calculate
from app.coupons.models import Coupon
from app.coupons.service import describe, discount_of
from app.money import CURRENCY, in_words
from app.products.models import Product


@dataclass(frozen=True)
class Line:
    """An item and its product, as it is today."""

    item: CartItem
    product: Product

    @property
    def position(self) -> Position:
        return Position(self.product.price, self.item.quantity, self.product.tax_rate)

    def changes(self) -> Iterator[Change]:
        """Give what the customer should know before buying."""
        item, product = self.item, self.product
        if product.price != item.price_then:
            was, now = in_words(item.price_then), in_words(product.price)
            detail = f"{product.name} costs {now} now, before {was}."
            yield self._change("price", item.price_then, product.price, detail)
        if product.archived:
            detail = f"{product.name} is not sold any longer."
            yield self._change("archived", item.quantity, 0, detail)
        elif product.stock < item.quantity:
            detail = f"There are only {product.stock} of {product.name}."
            yield self._change("stock", item.quantity, product.stock, detail)

    def _change(self, kind: str, was: int, now: int, detail: str) -> Change:
        return Change.model_validate(
            {"item_id": self.item.id, "kind": kind, "was": was, "now": now, "detail": detail}
        )


@dataclass(frozen=True)
class Contents:
    """What is in a cart.

    Args:
        lines: In the order in which they were put in.
        coupon: The coupon, whether it applies or not.
        refusal: Why the coupon does not apply; None when it does.
    """

    lines: list[Line]
    coupon: Coupon | None = None
    refusal: str | None = None

    @property
    def used_coupon(self) -> Coupon | None:
        """The coupon, if it applies."""
        return None if self.refusal else self.coupon

    @cached_property
    def totals(self) -> Totals:
        """What it costs today."""
        positions = [line.position for line in self.lines]
        subtotal = sum(position.subtotal for position in positions)
        discount = discount_of(self.used_coupon, subtotal) if self.used_coupon else 0
        return calculate(positions, discount)

    @property
    def changes(self) -> list[Change]:
        """What is different since the items were put in."""
        return [change for line in self.lines for change in line.changes()]

    @property
    def revision(self) -> str:
        """A text that is the same for two carts only when a customer sees the same in both."""
        seen = [
            [(str(line.product.id), line.item.quantity, line.product.price) for line in self.lines],
            self.used_coupon.code if self.used_coupon else None,
            self.totals.total,
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]

    def priced(self) -> Iterator[tuple[Line, LineTotals]]:
        """Give each line with what it costs."""
        return zip(self.lines, self.totals.lines, strict=True)

    def body(self) -> CartBody:
        """Return the cart as clients see it."""
        totals = self.totals
        return CartBody(
            items=[_item_body(line, costs) for line, costs in self.priced()],
            coupon=self._coupon_body(),
            changes=self.changes,
            currency=CURRENCY,
            subtotal=totals.subtotal,
            discount=totals.discount,
            tax=totals.tax,
            shipping=totals.shipping,
            total=totals.total,
            revision=self.revision,
        )

    def _coupon_body(self) -> CartCoupon | None:
        if self.coupon is None:
            return None
        return CartCoupon(
            code=self.coupon.code,
            applies=self.refusal is None,
            detail=self.refusal or describe(self.coupon),
        )


def _item_body(line: Line, costs: LineTotals) -> CartItemBody:
    return CartItemBody(
        id=line.item.id,
        product_id=line.product.id,
        slug=line.product.slug,
        name=line.product.name,
        quantity=line.item.quantity,
        unit_price=line.product.price,
        tax_rate=line.product.tax_rate,
        subtotal=costs.subtotal,
        discount=costs.discount,
        tax=costs.tax,
        total=costs.total,
    )
