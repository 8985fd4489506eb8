"""Carts and coupons over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.products.models import Product
from tests.shop import (
    API,
    Json,
    MakeCoupon,
    MakeProduct,
    NewClient,
    cart_of,
    log_in,
    order_of,
    put_in_cart,
    register,
)

ITEMS = f"{API}/cart/items"
COUPON = f"{API}/cart/coupon"


async def change(session: AsyncSession, product: Product, **fields: Any) -> None:
    """Change a product behind the customer's back."""
    for name, value in fields.items():
        setattr(product, name, value)
    await session.commit()


def quantities(cart: Json) -> dict[str, int]:
    """Return the quantities in a cart by product."""
    return {item["productId"]: item["quantity"] for item in cart["items"]}


class TestItems:
    async def test_a_client_without_a_session_has_an_empty_cart(
        self, client: httpx.AsyncClient
    ) -> None:
        response = await client.get(f"{API}/cart")
        assert (response.json()["items"], response.json()["total"]) == ([], 0)
        assert "set-cookie" not in response.headers

    async def test_a_visitor_can_fill_a_cart(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        pot = await make_product(name="Pot", price=2900, tax_rate=2000)
        book = await make_product(name="Book", price=1200, tax_rate=700)
        await put_in_cart(visitor, pot, 2)
        cart = await put_in_cart(visitor, book)
        assert [(item["name"], item["quantity"]) for item in cart["items"]] == [
            ("Pot", 2),
            ("Book", 1),
        ]
        assert (cart["subtotal"], cart["tax"], cart["shipping"]) == (7000, 1160 + 84, 0)
        assert cart["total"] == 8244
        assert cart == await cart_of(visitor)

    async def test_the_same_product_adds_up(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product = await make_product()
        await put_in_cart(visitor, product, 2)
        assert quantities(await put_in_cart(visitor, product, 3)) == {str(product.id): 5}

    async def test_carts_are_private(
        self, visitor: httpx.AsyncClient, new_client: NewClient, make_product: MakeProduct
    ) -> None:
        item_id = (await put_in_cart(visitor, await make_product()))["items"][0]["id"]
        other = await new_client()
        assert (await cart_of(other))["items"] == []
        url = f"{ITEMS}/{item_id}"
        assert (await other.patch(url, json={"quantity": 2})).status_code == 404
        assert (await other.delete(url)).status_code == 404
        assert len((await cart_of(visitor))["items"]) == 1

    async def test_quantities_change_and_items_go(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product, other = await make_product(), await make_product()
        cart = await put_in_cart(visitor, product)
        await put_in_cart(visitor, other)
        url = f"{ITEMS}/{cart['items'][0]['id']}"
        changed = (await visitor.patch(url, json={"quantity": 7})).json()
        assert quantities(changed) == {str(product.id): 7, str(other.id): 1}
        assert quantities((await visitor.delete(url)).json()) == {str(other.id): 1}
        assert (await visitor.delete(url)).status_code == 404
        assert (await visitor.delete(f"{API}/cart")).status_code == 204
        assert (await cart_of(visitor))["items"] == []

    async def test_more_than_there_is_is_refused(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product = await make_product(stock=3)
        cart = await put_in_cart(visitor, product, 2)
        more = {"productId": str(product.id), "quantity": 2}
        url = f"{ITEMS}/{cart['items'][0]['id']}"
        for response in [
            await visitor.post(ITEMS, json=more),
            await visitor.patch(url, json={"quantity": 4}),
        ]:
            assert response.status_code == 409
            assert response.json()["detail"] == "There are only 3 in stock."
        assert await cart_of(visitor) == cart

    async def test_a_cart_has_limits(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product = await make_product(stock=1000)
        await put_in_cart(visitor, product, 99)
        more = {"productId": str(product.id), "quantity": 1}
        assert (await visitor.post(ITEMS, json=more)).status_code == 409
        for _ in range(49):
            await put_in_cart(visitor, await make_product())
        one_too_many = {"productId": str((await make_product()).id), "quantity": 1}
        assert (await visitor.post(ITEMS, json=one_too_many)).status_code == 409

    async def test_what_is_not_sold_cannot_be_put_in(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        archived = {"productId": str((await make_product(archived=True)).id), "quantity": 1}
        assert (await visitor.post(ITEMS, json=archived)).status_code == 409
        unknown = {"productId": str(uuid4()), "quantity": 1}
        assert (await visitor.post(ITEMS, json=unknown)).status_code == 404

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("productId", "1"),
            ("productId", None),
            ("quantity", 0),
            ("quantity", 100),
            ("quantity", "1"),
            ("quantity", 1.5),
            ("price", 1),
        ],
    )
    async def test_an_invalid_field_is_named(
        self, visitor: httpx.AsyncClient, field: str, value: Any
    ) -> None:
        new = {"productId": str(uuid4()), "quantity": 1, field: value}
        response = await visitor.post(ITEMS, json=new)
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{field}"]

    @pytest.mark.parametrize("item_id", [str(uuid4()), "1", "%00"])
    async def test_an_unknown_item_is_404(self, visitor: httpx.AsyncClient, item_id: str) -> None:
        url = f"{ITEMS}/{item_id}"
        assert (await visitor.patch(url, json={"quantity": 1})).status_code == 404
        assert (await visitor.delete(url)).status_code == 404


class TestChanges:
    async def test_a_new_price_is_shown_and_counts(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct, session: AsyncSession
    ) -> None:
        product = await make_product(name="Pot", price=2900)
        before = await put_in_cart(visitor, product)
        await change(session, product, price=3100)
        cart = await cart_of(visitor)
        assert cart["items"][0]["unitPrice"] == 3100
        assert cart["changes"] == [
            {
                "itemId": cart["items"][0]["id"],
                "kind": "price",
                "was": 2900,
                "now": 3100,
                "detail": "Pot costs 31.00 EUR now, before 29.00 EUR.",
            }
        ]
        assert cart["revision"] != before["revision"]

    async def test_whoever_changes_the_quantity_has_seen_the_price(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct, session: AsyncSession
    ) -> None:
        product = await make_product()
        cart = await put_in_cart(visitor, product)
        await change(session, product, price=1)
        url = f"{ITEMS}/{cart['items'][0]['id']}"
        assert (await visitor.patch(url, json={"quantity": 2})).json()["changes"] == []

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [({"stock": 1}, ("stock", 2, 1)), ({"archived": True}, ("archived", 2, 0))],
    )
    async def test_what_cannot_be_had_any_longer_is_shown(
        self,
        visitor: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        fields: Json,
        expected: tuple[str, int, int],
    ) -> None:
        product = await make_product()
        await put_in_cart(visitor, product, 2)
        await change(session, product, **fields)
        (found,) = (await cart_of(visitor))["changes"]
        assert (found["kind"], found["was"], found["now"]) == expected

    async def test_the_revision_is_that_of_what_is_shown(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product = await make_product()
        one = await put_in_cart(visitor, product)
        two = await put_in_cart(visitor, product)
        assert one["revision"] != two["revision"]
        url = f"{ITEMS}/{one['items'][0]['id']}"
        back = await visitor.patch(url, json={"quantity": 1})
        assert back.json()["revision"] == one["revision"]


class TestMerge:
    async def test_a_visitors_cart_moves_into_the_accounts(
        self, new_client: NewClient, make_product: MakeProduct, make_coupon: MakeCoupon
    ) -> None:
        both, old, new = await make_product(), await make_product(), await make_product()
        await make_coupon(code="TEN")
        customer = await new_client()
        email = await register(customer)
        await log_in(customer, email)
        await put_in_cart(customer, both, 2)
        await put_in_cart(customer, old)

        visitor = await new_client()
        await put_in_cart(visitor, both, 3)
        await put_in_cart(visitor, new)
        await visitor.put(COUPON, json={"code": "TEN"})
        await log_in(visitor, email)

        cart = await cart_of(visitor)
        assert quantities(cart) == {str(both.id): 5, str(old.id): 1, str(new.id): 1}
        assert cart["coupon"]["code"] == "TEN"
        assert await cart_of(customer) == cart

    async def test_quantities_add_up_as_far_as_the_stock_goes(
        self, new_client: NewClient, make_product: MakeProduct, session: AsyncSession
    ) -> None:
        few, gone = await make_product(stock=4), await make_product(stock=4)
        customer = await new_client()
        email = await register(customer)
        await log_in(customer, email)
        await put_in_cart(customer, few, 3)
        visitor = await new_client()
        await put_in_cart(visitor, few, 3)
        await put_in_cart(visitor, gone, 2)
        await change(session, gone, stock=0)
        await log_in(visitor, email)
        cart = await cart_of(visitor)
        assert quantities(cart) == {str(few.id): 4, str(gone.id): 1}
        assert [found["kind"] for found in cart["changes"]] == ["stock"]

    async def test_a_full_cart_stays_within_its_limit(
        self, new_client: NewClient, make_product: MakeProduct
    ) -> None:
        customer = await new_client()
        email = await register(customer)
        await log_in(customer, email)
        for _ in range(49):
            await put_in_cart(customer, await make_product())
        visitor = await new_client()
        for _ in range(3):
            await put_in_cart(visitor, await make_product())
        await log_in(visitor, email)
        assert len((await cart_of(visitor))["items"]) == 50

    async def test_another_accounts_cart_does_not_move(
        self, customer: httpx.AsyncClient, new_client: NewClient, make_product: MakeProduct
    ) -> None:
        await put_in_cart(customer, await make_product())
        await log_in(customer, await register(await new_client()))
        assert (await cart_of(customer))["items"] == []


class TestCoupons:
    async def test_a_coupon_takes_something_off(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct, make_coupon: MakeCoupon
    ) -> None:
        await make_coupon(code="TEN", value=10)
        await put_in_cart(visitor, await make_product(price=2900), 2)
        cart = (await visitor.put(COUPON, json={"code": "ten"})).json()
        assert cart["coupon"] == {"code": "TEN", "applies": True, "detail": "10 % off"}
        assert (cart["subtotal"], cart["discount"], cart["tax"]) == (5800, 580, 1044)
        assert cart["total"] == 6264
        without = (await visitor.delete(COUPON)).json()
        assert (without["coupon"], without["discount"]) == (None, 0)

    async def test_another_coupon_takes_its_place(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct, make_coupon: MakeCoupon
    ) -> None:
        await make_coupon(code="TEN")
        await make_coupon(code="FIVE", kind="amount", value=500)
        await put_in_cart(visitor, await make_product(), 2)
        await visitor.put(COUPON, json={"code": "TEN"})
        cart = (await visitor.put(COUPON, json={"code": "FIVE"})).json()
        assert (cart["coupon"]["code"], cart["discount"]) == ("FIVE", 500)

    @pytest.mark.parametrize(
        "fields",
        [
            {"code": "OTHER"},
            {"valid_until": now()},
            {"valid_from": now() + timedelta(days=1)},
            {"max_uses": 0},
            {"min_subtotal": 1001},
        ],
    )
    async def test_a_coupon_that_does_not_apply_is_refused(
        self,
        visitor: httpx.AsyncClient,
        make_product: MakeProduct,
        make_coupon: MakeCoupon,
        fields: Json,
    ) -> None:
        await make_coupon(**{"code": "TEN", **fields})
        await put_in_cart(visitor, await make_product(price=1000))
        assert (await visitor.put(COUPON, json={"code": "TEN"})).status_code == 409
        assert (await cart_of(visitor))["coupon"] is None

    async def test_one_may_use_it_only_so_often(
        self, customer: httpx.AsyncClient, make_product: MakeProduct, make_coupon: MakeCoupon
    ) -> None:
        await make_coupon(code="ONCE", max_uses_per_user=1)
        product = await make_product()
        await put_in_cart(customer, product)
        await customer.put(COUPON, json={"code": "ONCE"})
        assert (await order_of(customer, product))["coupon"] == "ONCE"
        await put_in_cart(customer, product)
        response = await customer.put(COUPON, json={"code": "ONCE"})
        assert response.status_code == 409
        assert "as often as one may" in response.json()["detail"]

    async def test_a_coupon_that_stops_applying_stays_visible(
        self, visitor: httpx.AsyncClient, make_product: MakeProduct, make_coupon: MakeCoupon
    ) -> None:
        await make_coupon(code="BIG", min_subtotal=2000)
        cart = await put_in_cart(visitor, await make_product(price=1000), 2)
        await visitor.put(COUPON, json={"code": "BIG"})
        url = f"{ITEMS}/{cart['items'][0]['id']}"
        cart = (await visitor.patch(url, json={"quantity": 1})).json()
        assert (cart["coupon"]["applies"], cart["discount"]) == (False, 0)
        assert cart["coupon"]["detail"] == "This coupon needs a subtotal of 20.00 EUR."

    @pytest.mark.parametrize("code", ["", "x" * 41, "a b", "a\0", 1, None])
    async def test_an_invalid_code_is_named(self, visitor: httpx.AsyncClient, code: Any) -> None:
        response = await visitor.put(COUPON, json={"code": code})
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == ["#/code"]
