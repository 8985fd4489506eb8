"""What can be done with carts. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.carts.contents import Contents, Line
from app.carts.models import Cart, CartItem
from app.carts.schemas import MAX_ITEMS, NewCartItem
from app.clock import now
from app.coupons.models import Coupon
from app.coupons.service import count_uses, find_coupon, why_not
from app.errors import NotFoundError
from app.fields import MAX_QUANTITY
from app.products.models import Product
from app.refusals import ConflictError, ForbiddenError


async def read_cart(session: AsyncSession, cart_id: UUID, user_id: UUID | None) -> Contents:
    """Return what is in a cart, at today's prices."""
    statement = (
        select(CartItem, Product)
        .join(Product, Product.id == CartItem.product_id)
        .where(CartItem.cart_id == cart_id)
        .order_by(CartItem.added_at, CartItem.id)
        # Another statement of this transaction may have changed what the session has read before.
        .execution_options(populate_existing=True)
    )
    lines = [Line(item, product) for item, product in await session.execute(statement)]
    coupon = await session.scalar(
        select(Coupon).join(Cart, Cart.coupon_id == Coupon.id).where(Cart.id == cart_id)
    )
    if coupon is None:
        return Contents(lines)
    return Contents(lines, coupon, await _refusal(session, coupon, lines, user_id))


async def _refusal(
    session: AsyncSession, coupon: Coupon, lines: Sequence[Line], user_id: UUID | None
) -> str | None:
    subtotal = sum(line.position.subtotal for line in lines)
    own_uses = await count_uses(session, coupon, user_id) if user_id else 0
    return why_not(coupon, subtotal, own_uses, now())


async def add_item(session: AsyncSession, cart_id: UUID, new: NewCartItem) -> None:
    """Put a product into a cart, or more of it.

    Raises:
        NotFoundError: There is no such product.
        ConflictError: It is archived, there are not so many, or the cart is full.
    """
    await lock_cart(session, cart_id)
    product = await session.get(Product, new.product_id)
    if product is None:
        raise NotFoundError("There is no product with this id.")
    items = await _items(session, cart_id)
    item = items.get(product.id)
    quantity = new.quantity + (item.quantity if item else 0)
    _require_buyable(product, quantity)
    if item:
        item.quantity = quantity
        item.price_then = product.price
    elif len(items) == MAX_ITEMS:
        raise ConflictError(f"A cart holds at most {MAX_ITEMS} products.")
    else:
        session.add(
            CartItem(
                cart_id=cart_id,
                product_id=product.id,
                quantity=quantity,
                price_then=product.price,
                added_at=now(),
            )
        )
    await session.commit()


async def change_item(session: AsyncSession, cart_id: UUID, item_id: UUID, quantity: int) -> None:
    """Set the quantity of an item.

    Raises:
        NotFoundError: There is no such item in this cart.
        ConflictError: The product is archived, or there are not so many.
    """
    await lock_cart(session, cart_id)
    statement = (
        select(CartItem, Product)
        .join(Product, Product.id == CartItem.product_id)
        .where(CartItem.id == item_id, CartItem.cart_id == cart_id)
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NotFoundError("There is no item with this id in the cart.")
    item, product = found
    _require_buyable(product, quantity)
    item.quantity = quantity
    item.price_then = product.price
    await session.commit()


async def remove_item(session: AsyncSession, cart_id: UUID, item_id: UUID) -> None:
    """Take an item out of a cart.

    Raises:
        NotFoundError: There is no such item in this cart.
    """
    await lock_cart(session, cart_id)
    statement = (
        delete(CartItem)
        .where(CartItem.id == item_id, CartItem.cart_id == cart_id)
        .returning(CartItem.id)
    )
    if await session.scalar(statement) is None:
        raise NotFoundError("There is no item with this id in the cart.")
    await session.commit()


async def empty_cart(session: AsyncSession, cart_id: UUID) -> None:
    """Take everything out of a cart."""
    await lock_cart(session, cart_id)
    await take_all(session, cart_id)
    await session.commit()


async def take_all(session: AsyncSession, cart_id: UUID) -> None:
    """Take everything out of a locked cart; the caller commits."""
    await session.execute(delete(CartItem).where(CartItem.cart_id == cart_id))
    await session.execute(update(Cart).where(Cart.id == cart_id).values(coupon_id=None))


async def apply_coupon(
    session: AsyncSession, cart_id: UUID, user_id: UUID | None, code: str
) -> None:
    """Put a coupon into a cart, in place of another one.

    Raises:
        ConflictError: It does not apply.
    """
    coupon = await find_coupon(session, code)
    if coupon is None:
        raise ConflictError("There is no such coupon.")
    contents = await read_cart(session, cart_id, user_id)
    refusal = await _refusal(session, coupon, contents.lines, user_id)
    if refusal:
        raise ConflictError(refusal)
    await session.execute(update(Cart).where(Cart.id == cart_id).values(coupon_id=coupon.id))
    await session.commit()


async def remove_coupon(session: AsyncSession, cart_id: UUID) -> None:
    """Take the coupon out of a cart."""
    await session.execute(update(Cart).where(Cart.id == cart_id).values(coupon_id=None))
    await session.commit()


async def merge_carts(session: AsyncSession, source_id: UUID, user_id: UUID) -> None:
    """Move what is in a cart into an account's; the caller commits.

    Quantities of one product add up, as far as the stock goes. Products for which there is no room
    stay behind.

    Raises:
        ForbiddenError: The cart has gone, because its session has just ended.
    """
    target_id = await cart_of(session, user_id)
    await lock_cart(session, source_id)
    await lock_cart(session, target_id)
    source = await session.get_one(Cart, source_id)
    if source.coupon_id is not None:
        await session.execute(
            update(Cart)
            .where(Cart.id == target_id, Cart.coupon_id.is_(None))
            .values(coupon_id=source.coupon_id)
        )
    items = await _items(session, target_id)
    for line in (await read_cart(session, source_id, None)).lines:
        item = items.get(line.product.id)
        if item:
            item.quantity = _capped(item.quantity + line.item.quantity, line.product)
        elif len(items) < MAX_ITEMS:
            line.item.quantity = _capped(line.item.quantity, line.product)
            line.item.cart_id = target_id
            items[line.product.id] = line.item
    await session.flush()


async def put_back(
    session: AsyncSession, cart_id: UUID, coupon_id: UUID | None, returned: Sequence[CartItem]
) -> None:
    """Put items back into the locked cart from which an order has taken them; the caller commits.

    What was put in meanwhile stays.
    """
    items = await _items(session, cart_id)
    # Before everything that came later, in their old order.
    oldest = min((item.added_at for item in items.values()), default=now())
    for place, item in enumerate(returned):
        present = items.get(item.product_id)
        if present:
            present.quantity = min(present.quantity + item.quantity, MAX_QUANTITY)
        elif len(items) < MAX_ITEMS:
            item.cart_id = cart_id
            item.added_at = oldest - timedelta(milliseconds=len(returned) - place)
            items[item.product_id] = item
            session.add(item)
    if coupon_id is not None:
        await session.execute(
            update(Cart)
            .where(Cart.id == cart_id, Cart.coupon_id.is_(None))
            .values(coupon_id=coupon_id)
        )


async def cart_of(session: AsyncSession, user_id: UUID) -> UUID:
    """Return the id of an account's cart."""
    return (await session.scalars(select(Cart.id).where(Cart.user_id == user_id))).one()


async def lock_cart(session: AsyncSession, cart_id: UUID) -> None:
    """Make other requests for this cart wait until the transaction ends.

    It is a write because that locks on every database: SQLite has no SELECT ... FOR UPDATE.

    Raises:
        ForbiddenError: The cart has gone, because its session has just ended.
    """
    statement = update(Cart).where(Cart.id == cart_id).values(changed_at=now()).returning(Cart.id)
    if await session.scalar(statement) is None:
        raise ForbiddenError("Your session has ended. Get a new CSRF token.")


async def _items(session: AsyncSession, cart_id: UUID) -> dict[UUID, CartItem]:
    """Return the items of a cart by product."""
    items = await session.scalars(select(CartItem).where(CartItem.cart_id == cart_id))
    return {item.product_id: item for item in items}


def _require_buyable(product: Product, quantity: int) -> None:
    if product.archived:
        raise ConflictError("This product is not sold any longer.")
    if quantity > product.stock:
        raise ConflictError(f"There are only {product.stock} in stock.")
    if quantity > MAX_QUANTITY:
        raise ConflictError(f"A cart holds at most {MAX_QUANTITY} of one product.")


def _capped(quantity: int, product: Product) -> int:
    """Return the quantity as far as the stock goes; one of what is sold out, so that it shows."""
    return max(1, min(quantity, product.stock, MAX_QUANTITY))
