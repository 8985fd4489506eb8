"""A payment service for trying out: what it does depends on the card's number.

It keeps its own books, in transactions of its own, as a service elsewhere would. Put an adapter of
a real one in its place in app/payments/dependencies.py.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.clock import now
from app.payments.gateway import Outcome, PaymentTimeoutError
from app.payments.models import FakeCharge

DECLINED = "4000000000000002"
# The request gets lost on its way: never an answer, never a charge.
SILENT = "4000000000000119"
# The card is charged, but the answer comes after the shop has stopped waiting for it.
LATE = "4000000000000259"
LATE_BY = timedelta(seconds=3)


class FakeGateway:
    """A payment service that lives in the shop's own database.

    Args:
        books: Makes sessions of its own.
    """

    def __init__(self, books: async_sessionmaker[AsyncSession]) -> None:
        self._books = books

    async def charge(self, key: UUID, amount: int, currency: str, card_number: str) -> Outcome:
        if card_number == SILENT:
            raise PaymentTimeoutError
        moment = now()
        entry = FakeCharge(
            key=key,
            amount=amount,
            currency=currency,
            status="declined" if card_number == DECLINED else "succeeded",
            known_at=moment + LATE_BY if card_number == LATE else moment,
        )
        outcome = _outcome(await self._enter(entry))
        if outcome is None:
            raise PaymentTimeoutError
        return outcome

    async def find(self, key: UUID) -> Outcome | None:
        async with self._books() as session:
            entry = await session.get(FakeCharge, key)
            return _outcome(entry) if entry else None

    async def refund(self, key: UUID) -> bool:
        moment = now()
        closed = FakeCharge(key=key, amount=0, currency="", status="closed", known_at=moment)
        await self._enter(closed)
        async with self._books() as session:
            entry = await session.get_one(FakeCharge, key)
            if entry.status == "succeeded":
                entry.status = "refunded"
                await session.commit()
            return entry.status == "refunded"

    async def _enter(self, entry: FakeCharge) -> FakeCharge:
        """Write a new entry into the books, or return the one that the key has already."""
        async with self._books() as session:
            present = await session.get(FakeCharge, entry.key)
            if present:
                return present
            session.add(entry)
            try:
                await session.commit()
            except IntegrityError:
                # Another request with the same key was faster.
                await session.rollback()
                return await session.get_one(FakeCharge, entry.key)
            return entry


def _outcome(entry: FakeCharge) -> Outcome | None:
    if entry.known_at > now():
        return None
    return "succeeded" if entry.status == "succeeded" else "declined"
