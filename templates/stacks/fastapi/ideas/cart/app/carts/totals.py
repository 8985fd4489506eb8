"""What a cart costs. Whole numbers only; the parts always add up."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.money import divided, shared

SHIPPING = 490
FREE_SHIPPING_FROM = 5000


@dataclass(frozen=True)
class Position:
    """So many of something at a price.

    Args:
        unit_price: Price of one piece without tax.
        quantity: How many.
        tax_rate: Rate of the tax in hundredths of a percent.
    """

    unit_price: int
    quantity: int
    tax_rate: int

    @property
    def subtotal(self) -> int:
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class LineTotals:
    """What one line costs; `total` is `subtotal - discount + tax`."""

    subtotal: int
    discount: int
    tax: int
    total: int


@dataclass(frozen=True)
class Totals:
    """What a cart costs: the sums over its lines, and the shipping."""

    lines: list[LineTotals]
    subtotal: int
    discount: int
    tax: int
    shipping: int
    total: int


def calculate(positions: Sequence[Position], discount: int) -> Totals:
    """Return what positions cost.

    Args:
        positions: The lines of a cart.
        discount: What is taken off all of them together; at most their subtotals' sum.
    """
    discounts = shared(discount, [position.subtotal for position in positions])
    lines = [_line(position, own) for position, own in zip(positions, discounts, strict=True)]
    net = sum(line.subtotal - line.discount for line in lines)
    shipping = SHIPPING if positions and net < FREE_SHIPPING_FROM else 0
    return Totals(
        lines=lines,
        subtotal=sum(line.subtotal for line in lines),
        discount=sum(line.discount for line in lines),
        tax=sum(line.tax for line in lines),
        shipping=shipping,
        total=sum(line.total for line in lines) + shipping,
    )


def _line(position: Position, discount: int) -> LineTotals:
    net = position.subtotal - discount
    tax = divided(net * position.tax_rate, 10_000)
    return LineTotals(position.subtotal, discount, tax, net + tax)
