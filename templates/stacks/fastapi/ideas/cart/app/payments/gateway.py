"""What the shop needs of a payment service, whichever it is."""

from typing import Literal, Protocol
from uuid import UUID

Outcome = Literal["succeeded", "declined"]


class PaymentTimeoutError(Exception):
    """The service did not answer in time: nobody knows whether the card was or will be charged."""


class PaymentGateway(Protocol):
    """A payment service.

    Each payment has a key, which the shop chooses. However often the shop asks, a key is charged
    once at most.
    """

    async def charge(self, key: UUID, amount: int, currency: str, card_number: str) -> Outcome:
        """Charge a card, or tell what became of it when the key was used before.

        Raises:
            PaymentTimeoutError: There was no answer in time.
        """

    async def find(self, key: UUID) -> Outcome | None:
        """Tell what became of a charge; None when nothing did, or not yet.

        Raises:
            PaymentTimeoutError: There was no answer in time.
        """

    async def refund(self, key: UUID) -> bool:
        """Give back what was charged, and never charge the key from now on.

        Returns:
            Whether there was anything to give back, now or at an earlier call.

        Raises:
            PaymentTimeoutError: There was no answer in time.
        """
