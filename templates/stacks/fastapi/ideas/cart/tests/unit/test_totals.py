from hypothesis import given
from hypothesis.strategies import DataObject, builds, data, integers, lists

from app.carts.totals import FREE_SHIPPING_FROM, SHIPPING, Position, calculate
from app.fields import MAX_PRICE, MAX_QUANTITY
from app.money import MAX_AMOUNT

positions = builds(
    Position,
    unit_price=integers(0, MAX_PRICE),
    quantity=integers(1, MAX_QUANTITY),
    tax_rate=integers(0, 10_000),
)


@given(lists(positions, max_size=50), data())
def test_the_parts_always_add_up(lines: list[Position], draw: DataObject) -> None:
    whole = sum(line.subtotal for line in lines)
    discount = draw.draw(integers(0, whole))
    totals = calculate(lines, discount)

    assert totals.subtotal == whole
    assert totals.discount == discount
    assert totals.total == totals.subtotal - totals.discount + totals.tax + totals.shipping
    assert totals.total <= MAX_AMOUNT

    for name in ("subtotal", "discount", "tax"):
        assert getattr(totals, name) == sum(getattr(line, name) for line in totals.lines)
    assert totals.total - totals.shipping == sum(line.total for line in totals.lines)
    for line, position in zip(totals.lines, lines, strict=True):
        assert line.subtotal == position.unit_price * position.quantity
        assert 0 <= line.discount <= line.subtotal
        assert line.total == line.subtotal - line.discount + line.tax
        # The tax is right to half a cent.
        exact = (line.subtotal - line.discount) * position.tax_rate
        assert abs(line.tax * 10_000 - exact) <= 5_000


def test_tax_is_rounded_half_up_on_each_line() -> None:
    line = Position(unit_price=125, quantity=1, tax_rate=2000)
    assert calculate([line], 0).tax == 25
    half = Position(unit_price=25, quantity=1, tax_rate=200)
    assert calculate([half, half], 0).tax == 2


def test_tax_is_on_what_is_left_after_the_discount() -> None:
    totals = calculate([Position(unit_price=10_000, quantity=1, tax_rate=2000)], 1000)
    assert (totals.discount, totals.tax, totals.total) == (1000, 1800, 10_800)


def test_each_line_has_its_own_rate() -> None:
    book = Position(unit_price=2000, quantity=1, tax_rate=700)
    pot = Position(unit_price=4000, quantity=1, tax_rate=2000)
    assert [line.tax for line in calculate([book, pot], 0).lines] == [140, 800]


def test_shipping_is_free_from_a_sum_on() -> None:
    below = Position(unit_price=FREE_SHIPPING_FROM - 1, quantity=1, tax_rate=0)
    enough = Position(unit_price=FREE_SHIPPING_FROM, quantity=1, tax_rate=0)
    assert calculate([below], 0).shipping == SHIPPING
    assert calculate([enough], 0).shipping == 0
    assert calculate([enough], 1).shipping == SHIPPING


def test_an_empty_cart_costs_nothing() -> None:
    totals = calculate([], 0)
    assert (totals.total, totals.shipping, totals.lines) == (0, 0, [])
