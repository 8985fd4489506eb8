"""The HTTP side of orders."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, status

from app.auth.dependencies import CurrentUser, CurrentVisitor
from app.database import Session
from app.location import Locate
from app.openapi import header, problem, problems
from app.orders import service
from app.orders.checkout import Checkout
from app.orders.schemas import CartChangedProblem, NewOrder, OrderBody, OrderMove, OrderQuery
from app.pages import Page
from app.payments.dependencies import Gateway

router = APIRouter(tags=["Orders"], responses=problems(500, 503))

OrderId = Annotated[UUID, Path(alias="id", description="The order's id.")]
IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", max_length=64, pattern="^[A-Za-z0-9_-]+$")
]


async def get_checkout(
    session: Session, gateway: Gateway, user: CurrentUser, visitor: CurrentVisitor
) -> Checkout:
    """Return the customer who is logged in, at the till."""
    return Checkout(session, gateway, user.id, visitor.cart_id)


@router.post(
    "/checkout",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 401, 402, 403, 413, 415, 422),
        409: problem(409, CartChangedProblem),
    },
)
async def check_out(
    checkout: Annotated[Checkout, Depends(get_checkout)],
    locate: Locate,
    key: IdempotencyKey,
    new: NewOrder,
) -> OrderBody:
    """Buy what is in the cart."""
    order = await checkout.buy(key, new)
    locate("get_order", id=str(order.id))
    return OrderBody.of(order)


@router.get("/orders", responses=problems(401, 422))
async def list_orders(
    session: Session, user: CurrentUser, query: Annotated[OrderQuery, Query()]
) -> Page[OrderBody]:
    """List one's own orders; staff see everybody's."""
    orders, total = await service.list_orders(session, query, user)
    return Page[OrderBody].of([OrderBody.of(order) for order in orders], query, total)


@router.get("/orders/{id}", responses=problems(401, 404))
async def get_order(session: Session, user: CurrentUser, order_id: OrderId) -> OrderBody:
    """Read an order."""
    return OrderBody.of(await service.get_order(session, order_id, user))


@router.patch("/orders/{id}", responses=problems(400, 401, 403, 404, 409, 413, 415, 422))
async def move_order(
    session: Session, user: CurrentUser, order_id: OrderId, move: OrderMove
) -> OrderBody:
    """Ship, deliver or cancel an order."""
    return OrderBody.of(await service.move_order(session, order_id, user, move.status))
