"""From a cart to an order that is paid."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.carts.contents import Contents
from app.carts.schemas import Change
from app.carts.service import lock_cart, read_cart, take_all
from app.clock import now
from app.coupons.service import use_coupon
from app.errors import InvalidInput, InvalidInputError, ServiceError
from app.money import CURRENCY
from app.orders.models import Order, OrderItem
from app.orders.schemas import NewOrder
from app.orders.service import cancel_order, load_order, mark_paid
from app.outbox import enqueue
from app.payments.gateway import Outcome, PaymentGateway, PaymentTimeoutError
from app.products.service import take_stock
from app.refusals import ConflictError

# The event by which the worker looks after a payment that is still pending, and when it does.
OVERDUE = "payment.overdue"
PATIENCE = timedelta(seconds=30)
LOOK_AGAIN = "The cart has changed. Look at it again before you buy."
DECLINED = "The card was declined."


class CartChangedError(ConflictError):
    """The cart is not what the customer saw."""

    def __init__(self, detail: str, changes: Sequence[Change]) -> None:
        super().__init__(detail)
        self.members = {"changes": [change.model_dump(by_alias=True) for change in changes]}


class PaymentDeclinedError(ServiceError):
    """The card was declined. The cart is as it was."""

    status = 402
    detail = f"{DECLINED} Your cart is as it was."


class Checkout:
    """One customer at the till.

    The order is made before the card is charged, and the card is charged outside of any
    transaction: the database never waits for the payment service.

    Args:
        session: Where orders are kept.
        gateway: Who charges cards.
        user_id: Who buys.
        cart_id: The customer's cart.
    """

    def __init__(
        self, session: AsyncSession, gateway: PaymentGateway, user_id: UUID, cart_id: UUID
    ) -> None:
        self.session = session
        self.gateway = gateway
        self.user_id = user_id
        self.cart_id = cart_id

    async def buy(self, key: str, new: NewOrder) -> Order:
        """Make an order of the cart and charge the card, or go on with what the key began.

        Returns:
            The order: paid, or pending when the payment service did not answer in time.

        Raises:
            CartChangedError: The cart is not what the customer saw.
            InvalidInputError: The key was used with another body.
            PaymentDeclinedError: The card was declined.
        """
        order = await load_order(self.session, await self._place_order(key, new))
        if order.status == "pending":
            order = await self._pay(order, new.payment.card_number)
        if order.payment_status == "declined":
            raise PaymentDeclinedError
        return order

    async def _place_order(self, key: str, new: NewOrder) -> UUID:
        """Make an order in one transaction, with its stock and its coupon; return its id.

        When the key has made an order already, it is that one's id.
        """
        # A second request with the same key waits here until the first has made its order.
        await lock_cart(self.session, self.cart_id)
        made = await self._find_made(key, new)
        if made is not None:
            await self.session.commit()
            return made
        contents = await read_cart(self.session, self.cart_id, self.user_id)
        _require_seen(contents, new.revision)
        order = _order_of(contents, self.user_id, key, new)
        self.session.add(order)
        await self.session.flush()
        if not await self._take(contents, order):
            # Somebody was faster since the cart was read a moment ago.
            await self.session.rollback()
            contents = await read_cart(self.session, self.cart_id, self.user_id)
            raise CartChangedError(LOOK_AGAIN, contents.changes)
        await take_all(self.session, self.cart_id)
        # Whatever happens to this process, the worker looks after the payment.
        look_later(self.session, order.id)
        await self.session.commit()
        return order.id

    async def _find_made(self, key: str, new: NewOrder) -> UUID | None:
        statement = select(Order.id, Order.fingerprint).where(
            Order.user_id == self.user_id, Order.idempotency_key == key
        )
        made = (await self.session.execute(statement)).one_or_none()
        if made is None:
            return None
        if made.fingerprint != _fingerprint(new):
            detail = "Was used with another body before."
            raise InvalidInputError(InvalidInput(("header", "Idempotency-Key"), detail))
        order_id: UUID = made.id
        return order_id

    async def _take(self, contents: Contents, order: Order) -> bool:
        """Take the products out of stock and use the coupon; tell whether all of it worked."""
        # Two orders of the same products take them in the same order, so neither waits for the
        # other.
        for line in sorted(contents.lines, key=lambda line: line.product.id):
            quantity, price = line.item.quantity, line.product.price
            if not await take_stock(self.session, line.product.id, quantity, price):
                return False
        coupon = contents.used_coupon
        return coupon is None or await use_coupon(self.session, coupon, self.user_id, order.id)

    async def _pay(self, order: Order, card_number: str) -> Order:
        """Charge the card, and note what became of it.

        The order's id is the key of the payment, so however often this is done for one order, the
        card is charged once.
        """
        # The connection goes back to the pool: the service may take its time.
        await self.session.commit()
        try:
            outcome = await self.gateway.charge(order.id, order.total, order.currency, card_number)
        except PaymentTimeoutError:
            return order
        await settle(self.session, order, outcome)
        await self.session.commit()
        return await load_order(self.session, order.id)


def look_later(session: AsyncSession, order_id: UUID) -> None:
    """Let the worker look after a payment in a while; the caller commits."""
    enqueue(session, OVERDUE, {"orderId": str(order_id)}, at=now() + PATIENCE)


async def settle(session: AsyncSession, order: Order, outcome: Outcome) -> None:
    """Note what became of the payment of a pending order; the caller commits."""
    if outcome == "succeeded":
        await mark_paid(session, order.id)
    else:
        await cancel_order(session, order, DECLINED, "declined", to_cart=True)


def _require_seen(contents: Contents, revision: str) -> None:
    if not contents.lines:
        raise CartChangedError("The cart is empty.", [])
    short = any(change.kind != "price" for change in contents.changes)
    if short or contents.revision != revision:
        raise CartChangedError(LOOK_AGAIN, contents.changes)


def _order_of(contents: Contents, user_id: UUID, key: str, new: NewOrder) -> Order:
    totals, coupon, address = contents.totals, contents.used_coupon, new.shipping_address
    moment = now()
    return Order(
        id=uuid4(),
        user_id=user_id,
        idempotency_key=key,
        fingerprint=_fingerprint(new),
        status="pending",
        payment_status="pending",
        card_last_four=new.payment.last_four,
        coupon_code=coupon.code if coupon else None,
        currency=CURRENCY,
        subtotal=totals.subtotal,
        discount=totals.discount,
        tax=totals.tax,
        shipping=totals.shipping,
        total=totals.total,
        ship_to_name=address.name,
        ship_to_street=address.street,
        ship_to_postal_code=address.postal_code,
        ship_to_city=address.city,
        ship_to_country=address.country,
        created_at=moment,
        updated_at=moment,
        items=[
            OrderItem(
                position=position,
                product_id=line.product.id,
                cart_item_id=line.item.id,
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
            for position, (line, costs) in enumerate(contents.priced())
        ],
    )


def _fingerprint(new: NewOrder) -> str:
    """Return a text by which to recognize the same request.

    Of the card's number only the last digits go into it: nobody should find the rest by trying.
    """
    seen = new.model_dump_json(exclude={"payment"}) + new.payment.last_four
    return hashlib.sha256(seen.encode()).hexdigest()
