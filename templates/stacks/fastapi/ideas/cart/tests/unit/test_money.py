import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists

from app.money import divided, in_words, shared


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "0.00 EUR"), (5, "0.05 EUR"), (1999, "19.99 EUR")]
)
def test_amounts_are_written_with_two_digits(amount: int, words: str) -> None:
    assert in_words(amount) == words


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [
        (0, 3, 0),
        (1, 3, 0),
        (1, 2, 1),
        (2, 3, 1),
        (3, 2, 2),
        (5, 2, 3),
        (10**17 + 1, 2, 10**17 // 2 + 1),
    ],
)
def test_halves_are_rounded_up(numerator: int, denominator: int, quotient: int) -> None:
    assert divided(numerator, denominator) == quotient


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (1, [1, 1], [1, 0]),
        (100, [1, 2, 97], [1, 2, 97]),
        (7, [1, 3], [2, 5]),
        (5, [0, 10], [0, 5]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
    ],
)
def test_what_does_not_divide_goes_to_those_who_lost_most(
    amount: int, weights: list[int], shares: list[int]
) -> None:
    assert shared(amount, weights) == shares


@given(lists(integers(0, 10**9), min_size=1, max_size=50), integers(0, 100))
def test_shares_add_up_and_are_off_by_less_than_one(weights: list[int], percent: int) -> None:
    whole = sum(weights)
    amount = whole * percent // 100
    shares = shared(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert 0 <= share <= weight
        assert not whole or abs(share * whole - amount * weight) < whole
