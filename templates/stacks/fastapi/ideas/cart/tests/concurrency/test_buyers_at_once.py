"""Several customers, or one in a hurry, at the same time."""

import asyncio
from collections import Counter

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.orders.models import Order
from app.payments.models import FakeCharge
from tests.shop import (
    API,
    PASSWORD,
    MakeCoupon,
    MakeProduct,
    NewClient,
    cart_of,
    check_out,
    log_in,
    order_of,
    put_in_cart,
    register,
    stock_of,
)


async def customers(new_client: NewClient, number: int) -> list[httpx.AsyncClient]:
    """Return so many customers, who are logged in."""
    clients = [await new_client() for _ in range(number)]
    return [await log_in(client, await register(client)) for client in clients]


async def test_fifty_buyers_of_ten_pieces_make_ten_orders(
    new_client: NewClient, make_product: MakeProduct, session: AsyncSession
) -> None:
    product = await make_product(stock=10)
    clients = await customers(new_client, 50)
    for client in clients:
        await put_in_cart(client, product)
    answers = await asyncio.gather(*(check_out(client) for client in clients))
    assert Counter(answer.status_code for answer in answers) == {201: 10, 409: 40}
    assert await stock_of(session, product.id) == 0
    assert await session.scalar(select(func.count()).select_from(Order)) == 10
    assert await session.scalar(select(func.count()).select_from(FakeCharge)) == 10
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {change["kind"] for body in refused for change in body["changes"]} == {"stock"}


async def test_orders_of_several_products_do_not_block_one_another(
    new_client: NewClient, make_product: MakeProduct, session: AsyncSession
) -> None:
    products = [await make_product(stock=100) for _ in range(5)]
    clients = await customers(new_client, 10)
    for place, client in enumerate(clients):
        for product in products if place % 2 else reversed(products):
            await put_in_cart(client, product)
    answers = await asyncio.gather(*(check_out(client) for client in clients))
    assert {answer.status_code for answer in answers} == {201}
    assert {await stock_of(session, product.id) for product in products} == {90}


async def test_the_same_request_at_once_is_one_order(
    customer: httpx.AsyncClient, make_product: MakeProduct, session: AsyncSession
) -> None:
    product = await make_product(stock=10)
    seen = (await put_in_cart(customer, product))["revision"]
    answers = await asyncio.gather(
        *(check_out(customer, key="k", revision=seen) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await stock_of(session, product.id) == 9
    assert await session.scalar(select(func.count()).select_from(FakeCharge)) == 1


async def test_a_cart_is_bought_once_whatever_the_keys(
    customer: httpx.AsyncClient, make_product: MakeProduct, session: AsyncSession
) -> None:
    product = await make_product(stock=10)
    seen = (await put_in_cart(customer, product))["revision"]
    answers = await asyncio.gather(*(check_out(customer, revision=seen) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert await stock_of(session, product.id) == 9


async def test_the_last_use_of_a_coupon_goes_to_one(
    new_client: NewClient, make_product: MakeProduct, make_coupon: MakeCoupon
) -> None:
    await make_coupon(code="LAST", max_uses=1)
    product = await make_product(stock=100)
    clients = await customers(new_client, 10)
    for client in clients:
        await put_in_cart(client, product)
        await client.put(f"{API}/cart/coupon", json={"code": "LAST"})
    seen = [(await cart_of(client))["revision"] for client in clients]
    answers = await asyncio.gather(
        *(check_out(client, revision=own) for client, own in zip(clients, seen, strict=True))
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}


async def test_cancelling_many_times_at_once_restores_the_stock_once(
    customer: httpx.AsyncClient, make_product: MakeProduct, session: AsyncSession
) -> None:
    product = await make_product(stock=10)
    url = f"{API}/orders/{(await order_of(customer, product, 3))['id']}"
    answers = await asyncio.gather(
        *(customer.patch(url, json={"status": "cancelled"}) for _ in range(10))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    assert await stock_of(session, product.id) == 10


async def test_adding_at_once_loses_nothing(
    customer: httpx.AsyncClient, make_product: MakeProduct
) -> None:
    product, other = await make_product(stock=100), await make_product(stock=100)
    await asyncio.gather(*(put_in_cart(customer, each) for each in [product] * 10 + [other] * 10))
    found = {item["productId"]: item["quantity"] for item in (await cart_of(customer))["items"]}
    assert found == {str(product.id): 10, str(other.id): 10}


async def test_stock_corrections_at_once_add_up(
    staff: httpx.AsyncClient, make_product: MakeProduct, session: AsyncSession
) -> None:
    product = await make_product(stock=0)
    url = f"{API}/products/{product.slug}/stock-corrections"
    await asyncio.gather(
        *(staff.post(url, json={"delta": 1, "reason": "Counted"}) for _ in range(20))
    )
    assert await stock_of(session, product.id) == 20
    stocks = [item["stock"] for item in (await staff.get(url)).json()["items"]]
    assert sorted(stocks) == list(range(1, 21))


async def test_logging_in_at_once_moves_the_cart_once(
    new_client: NewClient, make_product: MakeProduct
) -> None:
    product = await make_product(stock=100)
    visitor = await new_client()
    email = await register(visitor)
    await put_in_cart(visitor, product, 2)
    credentials = {"email": email, "password": PASSWORD}
    adding = {"productId": str(product.id), "quantity": 1}
    answers = await asyncio.gather(
        *(visitor.post(f"{API}/login", json=credentials) for _ in range(5)),
        *(visitor.post(f"{API}/cart/items", json=adding) for _ in range(5)),
    )
    assert {answer.status_code for answer in answers} <= {200, 403}
    # Each of the five was put in before the cart moved, or was refused.
    added = sum(answer.status_code == 200 for answer in answers[5:])
    client = await log_in(await new_client(), email)
    (item,) = (await cart_of(client))["items"]
    assert item["quantity"] == 2 + added
