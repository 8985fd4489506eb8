"""What coupons are worth, and when. Knows the database and nothing of HTTP."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.coupons.models import Coupon, CouponUse
from app.money import divided, in_words


def discount_of(coupon: Coupon, subtotal: int) -> int:
    """Return what a coupon takes off a subtotal, rounded half up; never more than there is."""
    if coupon.kind == "percent":
        return divided(subtotal * coupon.value, 100)
    return min(coupon.value, subtotal)


def describe(coupon: Coupon) -> str:
    """Return what a coupon does, for people."""
    if coupon.kind == "percent":
        return f"{coupon.value} % off"
    return f"{in_words(coupon.value)} off"


def why_not(coupon: Coupon, subtotal: int, own_uses: int, moment: datetime) -> str | None:
    """Return why a coupon does not apply, for people; None when it does.

    Args:
        coupon: The coupon.
        subtotal: What the cart costs without it.
        own_uses: How often the customer has used it.
        moment: The present.
    """
    if moment < coupon.valid_from:
        return "This coupon is not valid yet."
    if coupon.valid_until is not None and moment >= coupon.valid_until:
        return "This coupon is not valid any longer."
    if coupon.max_uses is not None and coupon.uses >= coupon.max_uses:
        return "This coupon is used up."
    if coupon.max_uses_per_user is not None and own_uses >= coupon.max_uses_per_user:
        return "You have used this coupon as often as one may."
    if subtotal < coupon.min_subtotal:
        return f"This coupon needs a subtotal of {in_words(coupon.min_subtotal)}."
    return None


async def find_coupon(session: AsyncSession, code: str) -> Coupon | None:
    """Return the coupon with a code, in whatever case."""
    return (await session.scalars(select(Coupon).where(Coupon.code == code.upper()))).one_or_none()


async def count_uses(session: AsyncSession, coupon: Coupon, user_id: UUID) -> int:
    """Return how often somebody has used a coupon."""
    statement = (
        select(func.count())
        .select_from(CouponUse)
        .where(CouponUse.coupon_id == coupon.id, CouponUse.user_id == user_id)
    )
    return await session.scalar(statement) or 0


async def use_coupon(session: AsyncSession, coupon: Coupon, user_id: UUID, order_id: UUID) -> bool:
    """Use a coupon for an order, if somebody else has not just used it up.

    A customer's own limit needs no second look: their cart is locked, so they have no other order
    at this moment.

    Returns:
        Whether it was used.
    """
    statement = (
        update(Coupon)
        .where(
            Coupon.id == coupon.id, or_(Coupon.max_uses.is_(None), Coupon.uses < Coupon.max_uses)
        )
        .values(uses=Coupon.uses + 1)
        .returning(Coupon.id)
    )
    if await session.scalar(statement) is None:
        return False
    session.add(CouponUse(order_id=order_id, coupon_id=coupon.id, user_id=user_id))
    return True


async def give_coupon_back(session: AsyncSession, order_id: UUID) -> UUID | None:
    """Undo the use of a coupon for an order; returns the coupon's id if there was one."""
    statement = (
        delete(CouponUse).where(CouponUse.order_id == order_id).returning(CouponUse.coupon_id)
    )
    coupon_id = await session.scalar(statement)
    if coupon_id is not None:
        await session.execute(
            update(Coupon).where(Coupon.id == coupon_id).values(uses=Coupon.uses - 1)
        )
    return coupon_id
