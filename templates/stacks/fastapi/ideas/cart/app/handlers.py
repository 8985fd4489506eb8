"""What the worker does with each event (app/worker.py).

An event may come twice, so everything here may happen twice without harm: a refund has the order's
id as its key, a mail the event's id, and what is stored is stored together with the mark that the
event was handled.
"""

from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.clock import now
from app.mail import Mailer, make_mailer
from app.orders.checkout import OVERDUE, look_later, settle
from app.orders.mails import NEWS, write
from app.orders.models import Order
from app.orders.service import cancel_order, load_order
from app.outbox import Event, Handlers
from app.payments.dependencies import make_gateway
from app.payments.gateway import PaymentGateway
from app.settings import Settings
from app.users.models import User

# So long a payment may take. Afterwards its order is cancelled, and the card cannot be charged.
GIVE_UP = timedelta(minutes=15)


def make_handlers(settings: Settings) -> Handlers:
    """Return what to do, by the name of the event."""
    mailer = make_mailer(settings)
    return {
        **{name: partial(tell_customer, mailer) for name in NEWS},
        "order.cancelled": partial(refund_and_tell, mailer),
        OVERDUE: look_after_payment,
    }


async def tell_customer(mailer: Mailer, session: AsyncSession, event: Event) -> None:
    """Send the mail about an event."""
    order = await _order_of(session, event)
    user = await session.get_one(User, order.user_id)
    reason = event.payload.get("reason", "")
    await mailer.send(write(str(event.id), event.name, order, user, reason))


async def refund_and_tell(mailer: Mailer, session: AsyncSession, event: Event) -> None:
    """Give back what a cancelled order has cost, and send the mail about it."""
    order = await _order_of(session, event)
    if order.payment_status == "declined":
        refunded = None
    else:
        refunded = await _gateway_of(session).refund(order.id)
    await tell_customer(mailer, session, event)
    # Last: a change of the database makes others wait until all of this is done.
    if refunded is not None:
        order.payment_status = "refunded" if refunded else "void"


async def look_after_payment(session: AsyncSession, event: Event) -> None:
    """Find out what became of a payment that nobody has heard of for a while."""
    order = await _order_of(session, event)
    if order.status != "pending":
        return
    outcome = await _gateway_of(session).find(order.id)
    if outcome is not None:
        await settle(session, order, outcome)
    elif now() - order.created_at < GIVE_UP:
        look_later(session, order.id)
    else:
        await cancel_order(session, order, "The payment did not arrive.", to_cart=True)


async def _order_of(session: AsyncSession, event: Event) -> Order:
    return await load_order(session, UUID(event.payload["orderId"]))


def _gateway_of(session: AsyncSession) -> PaymentGateway:
    return make_gateway(async_sessionmaker(session.bind, expire_on_commit=False))
