from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.coupons.models import Coupon
from app.coupons.service import describe, discount_of, why_not

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def coupon(**fields: Any) -> Coupon:
    values = {
        "kind": "percent",
        "value": 10,
        "valid_from": NOON - HOUR,
        "min_subtotal": 0,
        "uses": 0,
        **fields,
    }
    return Coupon(**values)


@pytest.mark.parametrize(
    ("kind", "value", "subtotal", "discount"),
    [
        ("percent", 10, 1000, 100),
        ("percent", 10, 5, 1),
        ("percent", 10, 4, 0),
        ("percent", 100, 1234, 1234),
        ("amount", 500, 1000, 500),
        ("amount", 500, 300, 300),
        ("amount", 500, 0, 0),
    ],
)
def test_a_discount_is_rounded_half_up_and_never_more_than_the_subtotal(
    kind: str, value: int, subtotal: int, discount: int
) -> None:
    assert discount_of(coupon(kind=kind, value=value), subtotal) == discount


@pytest.mark.parametrize(
    ("fields", "subtotal", "own_uses", "refusal"),
    [
        ({}, 0, 99, None),
        ({"valid_from": NOON}, 0, 0, None),
        ({"valid_from": NOON + HOUR}, 0, 0, "not valid yet"),
        ({"valid_until": NOON + HOUR}, 0, 0, None),
        ({"valid_until": NOON}, 0, 0, "not valid any longer"),
        ({"max_uses": 3, "uses": 2}, 0, 0, None),
        ({"max_uses": 3, "uses": 3}, 0, 0, "used up"),
        ({"max_uses_per_user": 1}, 0, 0, None),
        ({"max_uses_per_user": 1}, 0, 1, "as often as one may"),
        ({"min_subtotal": 1000}, 1000, 0, None),
        ({"min_subtotal": 1000}, 999, 0, "10.00 EUR"),
    ],
)
def test_each_limit_of_a_coupon_is_kept(
    fields: dict[str, Any], subtotal: int, own_uses: int, refusal: str | None
) -> None:
    found = why_not(coupon(**fields), subtotal, own_uses, NOON)
    assert found is None if refusal is None else found and refusal in found


def test_a_coupon_says_what_it_does() -> None:
    assert describe(coupon()) == "10 % off"
    assert describe(coupon(kind="amount", value=500)) == "5.00 EUR off"
