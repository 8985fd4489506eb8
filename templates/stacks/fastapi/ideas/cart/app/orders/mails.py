"""The mails that customers get about their orders."""

from app.mail import Mail
from app.money import in_words
from app.orders.models import Order
from app.users.models import User

# By the name of the event: the subject, and the first sentence.
NEWS = {
    "order.paid": ("Thank you for your order", "We have received your payment."),
    "order.shipped": ("Your order is on its way", "We have just handed it to the carrier."),
    "order.delivered": ("Your order was delivered", "We hope that you like it."),
    "order.cancelled": ("Your order was cancelled", "What was charged is given back."),
}


def write(event_id: str, name: str, order: Order, user: User, reason: str = "") -> Mail:
    """Return the mail about an event.

    Args:
        event_id: The event's id: a mail that is sent twice has the same id twice.
        name: What has happened: "order.paid".
        order: The order, with its items.
        user: Whose order it is.
        reason: Why it happened, if there is something to say.
    """
    subject, sentence = NEWS[name]
    news = " ".join(part for part in (reason, sentence) if part)
    return Mail(
        to=user.email,
        subject=subject,
        text=f"Dear {user.name},\n\n{news}\n\n{_table(order)}\n\nOrder {order.id}\n",
        id=event_id,
    )


def _table(order: Order) -> str:
    """Return the order's lines and sums, one under the other."""
    rows = [(f"{item.quantity} x {item.name}", item.subtotal) for item in order.items]
    if order.discount:
        rows.append((f"Discount ({order.coupon_code})", -order.discount))
    rows += [("Tax", order.tax), ("Shipping", order.shipping), ("Total", order.total)]
    return "\n".join(f"{_signed(amount):>14}  {name}" for name, amount in rows)


def _signed(amount: int) -> str:
    return f"-{in_words(-amount)}" if amount < 0 else in_words(amount)
