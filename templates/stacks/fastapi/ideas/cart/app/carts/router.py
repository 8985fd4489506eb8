"""The HTTP side of carts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status

from app.auth.dependencies import CurrentVisitor, OptionalVisitor
from app.auth.service import Visitor
from app.carts import service
from app.carts.contents import Contents
from app.carts.schemas import CartBody, CartItemChanges, CouponCode, NewCartItem
from app.database import Session
from app.openapi import problems

router = APIRouter(prefix="/cart", tags=["Cart"], responses=problems(500, 503))

ItemId = Annotated[UUID, Path(alias="id", description="The item's id.")]


@router.get("")
async def get_cart(session: Session, visitor: OptionalVisitor) -> CartBody:
    """Read the cart."""
    return await _body(session, visitor) if visitor else Contents([]).body()


@router.delete("", status_code=status.HTTP_204_NO_CONTENT, responses=problems(403))
async def empty_cart(session: Session, visitor: CurrentVisitor) -> None:
    """Take everything out of the cart."""
    await service.empty_cart(session, visitor.cart_id)


@router.post("/items", responses=problems(400, 403, 404, 409, 413, 415, 422))
async def add_cart_item(session: Session, visitor: CurrentVisitor, new: NewCartItem) -> CartBody:
    """Put a product into the cart."""
    await service.add_item(session, visitor.cart_id, new)
    return await _body(session, visitor)


@router.patch("/items/{id}", responses=problems(400, 403, 404, 409, 413, 415, 422))
async def change_cart_item(
    session: Session, visitor: CurrentVisitor, item_id: ItemId, changes: CartItemChanges
) -> CartBody:
    """Set the quantity of an item."""
    await service.change_item(session, visitor.cart_id, item_id, changes.quantity)
    return await _body(session, visitor)


@router.delete("/items/{id}", responses=problems(403, 404))
async def remove_cart_item(session: Session, visitor: CurrentVisitor, item_id: ItemId) -> CartBody:
    """Take an item out of the cart."""
    await service.remove_item(session, visitor.cart_id, item_id)
    return await _body(session, visitor)


@router.put("/coupon", responses=problems(400, 403, 409, 413, 415, 422))
async def apply_coupon(session: Session, visitor: CurrentVisitor, coupon: CouponCode) -> CartBody:
    """Put a coupon into the cart."""
    await service.apply_coupon(session, visitor.cart_id, visitor.user_id, coupon.code)
    return await _body(session, visitor)


@router.delete("/coupon", responses=problems(403))
async def remove_coupon(session: Session, visitor: CurrentVisitor) -> CartBody:
    """Take the coupon out of the cart."""
    await service.remove_coupon(session, visitor.cart_id)
    return await _body(session, visitor)


async def _body(session: Session, visitor: Visitor) -> CartBody:
    return (await service.read_cart(session, visitor.cart_id, visitor.user_id)).body()
