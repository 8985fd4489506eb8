"""Money: whole numbers of the currency's smallest unit."""

# The shop sells in one currency. An order keeps its own: it tells what was charged then.
CURRENCY = "EUR"
# 90 trillion euros: what JavaScript can count, too.
MAX_AMOUNT = 2**53 - 1


def in_words(amount: int) -> str:
    """Return an amount as people write it: 1999 is "19.99 EUR"."""
    return f"{amount // 100}.{amount % 100:02} {CURRENCY}"


def divided(numerator: int, denominator: int) -> int:
    """Return a quotient of numbers that are not negative, rounded half up to a whole number."""
    return (2 * numerator + denominator) // (2 * denominator)


def shared(amount: int, weights: list[int]) -> list[int]:
    """Return an amount in shares by weight, which add up to it.

    Each share is rounded down. What is then left over goes, one unit each, to the shares that lost
    most; of equals, to the first (the method of the largest remainder).
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [amount * weight // whole for weight in weights]
    lost = [amount * weight % whole for weight in weights]
    most = sorted(range(len(weights)), key=lambda place: -lost[place])
    for place in most[: amount - sum(shares)]:
        shares[place] += 1
    return shares
