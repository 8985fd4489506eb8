"""Orders over HTTP."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.coupons.models import Coupon
from app.payments.fake import SILENT
from tests.shop import (
    API,
    MakeCoupon,
    MakeProduct,
    check_out,
    order_of,
    put_in_cart,
    stock_of,
)

ORDERS = f"{API}/orders"
STATES = ["pending", "paid", "shipped", "delivered", "cancelled"]
# How staff bring a paid order into a state.
WAYS = {"paid": [], "shipped": ["shipped"], "delivered": ["shipped", "delivered"]}
ALLOWED = {
    ("pending", "cancelled"),
    ("paid", "shipped"),
    ("paid", "cancelled"),
    ("shipped", "delivered"),
}


@pytest.mark.parametrize("target", ["shipped", "delivered", "cancelled"])
@pytest.mark.parametrize("state", STATES)
async def test_an_order_moves_only_as_it_may(
    customer: httpx.AsyncClient,
    staff: httpx.AsyncClient,
    make_product: MakeProduct,
    state: str,
    target: str,
) -> None:
    product = await make_product()
    if state == "pending":
        await put_in_cart(customer, product)
        order = (await check_out(customer, card=SILENT)).json()
    else:
        order = await order_of(customer, product)
    url = f"{ORDERS}/{order['id']}"
    for step in WAYS.get(state, ["cancelled"] if state == "cancelled" else []):
        assert (await staff.patch(url, json={"status": step})).json()["status"] == step

    response = await staff.patch(url, json={"status": target})
    allowed = (state, target) in ALLOWED
    assert response.status_code == (200 if allowed else 409)
    after = (await customer.get(url)).json()
    assert after["status"] == (target if allowed else state)


async def test_cancelling_restores_stock_and_coupon(
    customer: httpx.AsyncClient,
    make_product: MakeProduct,
    make_coupon: MakeCoupon,
    session: AsyncSession,
) -> None:
    product = await make_product(stock=5)
    coupon = await make_coupon(code="ONCE", max_uses=1)
    await put_in_cart(customer, product, 2)
    await customer.put(f"{API}/cart/coupon", json={"code": "ONCE"})
    order = (await check_out(customer)).json()
    assert await stock_of(session, product.id) == 3
    cancelled = await customer.patch(f"{ORDERS}/{order['id']}", json={"status": "cancelled"})
    assert cancelled.json()["status"] == "cancelled"
    assert await stock_of(session, product.id) == 5
    assert (await session.get_one(Coupon, coupon.id, populate_existing=True)).uses == 0
    assert (await customer.get(f"{API}/cart")).json()["items"] == []


async def test_customers_may_only_cancel(
    customer: httpx.AsyncClient, make_product: MakeProduct
) -> None:
    url = f"{ORDERS}/{(await order_of(customer, await make_product()))['id']}"
    for status in ("shipped", "delivered"):
        assert (await customer.patch(url, json={"status": status})).status_code == 403
    assert (await customer.get(url)).json()["status"] == "paid"


class TestVisibility:
    async def test_customers_see_their_own_and_staff_see_all(
        self, customer: httpx.AsyncClient, staff: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product = await make_product()
        mine = await order_of(customer, product)
        theirs = await order_of(staff, product)
        own = (await customer.get(ORDERS)).json()
        assert [order["id"] for order in own["items"]] == [mine["id"]]
        everybodys = (await staff.get(ORDERS)).json()
        assert [order["id"] for order in everybodys["items"]] == [theirs["id"], mine["id"]]
        assert (await staff.get(f"{ORDERS}/{mine['id']}")).json() == mine

    async def test_somebody_elses_order_does_not_exist(
        self, customer: httpx.AsyncClient, staff: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        theirs = await order_of(staff, await make_product())
        url = f"{ORDERS}/{theirs['id']}"
        assert (await customer.get(url)).status_code == 404
        assert (await customer.patch(url, json={"status": "cancelled"})).status_code == 404
        assert (await staff.get(url)).json() == theirs

    async def test_visitors_see_none(self, visitor: httpx.AsyncClient) -> None:
        assert (await visitor.get(ORDERS)).status_code == 401
        assert (await visitor.get(f"{ORDERS}/{uuid4()}")).status_code == 401

    @pytest.mark.parametrize("order_id", [str(uuid4()), "1", "%00"])
    async def test_an_unknown_order_is_404(
        self, customer: httpx.AsyncClient, order_id: str
    ) -> None:
        url = f"{ORDERS}/{order_id}"
        assert (await customer.get(url)).status_code == 404
        assert (await customer.patch(url, json={"status": "cancelled"})).status_code == 404


class TestList:
    async def test_the_status_filters_and_pages_go_on(
        self, customer: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product = await make_product()
        ids = [(await order_of(customer, product))["id"] for _ in range(3)]
        await customer.patch(f"{ORDERS}/{ids[0]}", json={"status": "cancelled"})
        paid = (await customer.get(ORDERS, params={"status": "paid", "pageSize": 1})).json()
        assert ([order["id"] for order in paid["items"]], paid["total"]) == ([ids[2]], 2)
        second = await customer.get(ORDERS, params={"status": "paid", "pageSize": 1, "page": 2})
        assert [order["id"] for order in second.json()["items"]] == [ids[1]]

    async def test_an_unknown_status_is_named(self, customer: httpx.AsyncClient) -> None:
        response = await customer.get(ORDERS, params={"status": "lost"})
        assert response.status_code == 422
        assert [error["parameter"] for error in response.json()["errors"]] == ["status"]


@pytest.mark.parametrize("status", ["paid", "pending", "", None, 1])
async def test_a_state_that_nobody_can_choose_is_refused(
    customer: httpx.AsyncClient, make_product: MakeProduct, status: object
) -> None:
    url = f"{ORDERS}/{(await order_of(customer, await make_product()))['id']}"
    assert (await customer.patch(url, json={"status": status})).status_code == 422
