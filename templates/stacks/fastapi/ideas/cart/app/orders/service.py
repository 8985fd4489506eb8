"""What can be done with orders. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.carts.models import CartItem
from app.carts.service import cart_of, lock_cart, put_back
from app.clock import now
from app.coupons.service import give_coupon_back
from app.errors import NotFoundError
from app.orders.models import Order, PaymentStatus, Status
from app.orders.schemas import OrderQuery
from app.outbox import enqueue
from app.pages import fetch_page
from app.products.service import put_back_stock
from app.refusals import ConflictError, ForbiddenError
from app.users.models import User

# From which states an order may get into a state.
MOVES: dict[Status, tuple[Status, ...]] = {
    "paid": ("pending",),
    "shipped": ("paid",),
    "delivered": ("shipped",),
    "cancelled": ("pending", "paid"),
}

# An order never goes without its items: one query more, however many orders there are.
WITH_ITEMS = [selectinload(Order.items)]


async def list_orders(
    session: AsyncSession, query: OrderQuery, user: User
) -> tuple[Sequence[Order], int]:
    """Return one page of the orders that somebody may see, the newest first, and how many."""
    statement = select(Order).options(*WITH_ITEMS)
    if user.role != "staff":
        statement = statement.where(Order.user_id == user.id)
    if query.status is not None:
        statement = statement.where(Order.status == query.status)
    statement = statement.order_by(Order.created_at.desc(), Order.id)
    return await fetch_page(session, statement, query)


async def get_order(session: AsyncSession, order_id: UUID, user: User) -> Order:
    """Return an order that somebody may see.

    Raises:
        NotFoundError: There is none with this id, or it is somebody else's.
    """
    order = await session.get(Order, order_id, options=WITH_ITEMS, populate_existing=True)
    if order is None or (order.user_id != user.id and user.role != "staff"):
        raise NotFoundError("There is no order with this id.")
    return order


async def load_order(session: AsyncSession, order_id: UUID) -> Order:
    """Return an order that exists, as it is now, with its items."""
    return await session.get_one(Order, order_id, options=WITH_ITEMS, populate_existing=True)


async def move_order(session: AsyncSession, order_id: UUID, user: User, status: Status) -> Order:
    """Ship, deliver or cancel an order.

    Raises:
        NotFoundError: There is none with this id, or it is somebody else's.
        ForbiddenError: Customers may only cancel.
        ConflictError: The order is not in a state from which it could get there.
    """
    order = await get_order(session, order_id, user)
    if user.role != "staff" and status != "cancelled":
        raise ForbiddenError("Only staff may do this.")
    if status == "cancelled":
        moved = await cancel_order(session, order, "It was cancelled on request.")
    else:
        moved = await _move(session, order_id, status)
    await session.commit()
    current = await get_order(session, order_id, user)
    if not moved:
        raise ConflictError(f"An order that is {current.status} cannot become {status}.")
    return current


async def mark_paid(session: AsyncSession, order_id: UUID) -> None:
    """Note that the payment of a pending order has succeeded; the caller commits."""
    await _move(session, order_id, "paid", "succeeded")


async def cancel_order(
    session: AsyncSession,
    order: Order,
    reason: str,
    payment_status: PaymentStatus | None = None,
    *,
    to_cart: bool = False,
) -> bool:
    """Cancel an order and put its products back into stock; the caller commits.

    What was or will be charged is given back by the handler of the event (app/handlers.py).

    Args:
        session: Where to work.
        order: The order, with its items.
        reason: Why, for the customer.
        payment_status: What has become of the payment, if that is known now.
        to_cart: Whether its items go back into the customer's cart.

    Returns:
        Whether it was in a state in which an order can be cancelled.
    """
    # Everybody locks in this order: cart, order, products, coupon. So nobody waits for another who
    # waits for them.
    cart_id = await cart_of(session, order.user_id)
    await lock_cart(session, cart_id)
    if not await _move(session, order.id, "cancelled", payment_status, reason=reason):
        return False
    for item in sorted(order.items, key=lambda item: item.product_id):
        await put_back_stock(session, item.product_id, item.quantity)
    coupon_id = await give_coupon_back(session, order.id)
    if to_cart:
        returned = [
            CartItem(
                id=item.cart_item_id,
                product_id=item.product_id,
                quantity=item.quantity,
                price_then=item.unit_price,
            )
            for item in order.items
        ]
        await put_back(session, cart_id, coupon_id, returned)
    return True


async def _move(
    session: AsyncSession,
    order_id: UUID,
    status: Status,
    payment_status: PaymentStatus | None = None,
    **details: str,
) -> bool:
    """Move an order and tell the world, if it is in a state from which it may get there.

    The condition is in the statement that changes the row, so of two moves at once one wins.
    """
    values: dict[str, Any] = {"status": status, "updated_at": now()}
    if payment_status is not None:
        values["payment_status"] = payment_status
    statement = (
        update(Order)
        .where(Order.id == order_id, Order.status.in_(MOVES[status]))
        .values(**values)
        .returning(Order.id)
    )
    if await session.scalar(statement) is None:
        return False
    enqueue(session, f"order.{status}", {"orderId": str(order_id), **details})
    return True
