"""A small shop for tests, and people who come into it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.coupons.models import Coupon
from app.products.models import Category, Product
from app.products.service import search_text_of
from app.users.service import set_role
from tests.contract import Contract

API = "/api/v1"
PASSWORD = "an-engine-of-brass"
ADDRESS = {
    "name": "Ada Lovelace",
    "street": "12 St James's Square",
    "postalCode": "SW1Y 4JH",
    "city": "London",
    "country": "GB",
}
CARD = "4242424242424242"

Json = dict[str, Any]
NewClient = Callable[[], Awaitable[httpx.AsyncClient]]
MakeProduct = Callable[..., Awaitable[Product]]
MakeCoupon = Callable[..., Awaitable[Coupon]]


@pytest.fixture
async def new_client(app: FastAPI, contract: Contract) -> AsyncIterator[NewClient]:
    """Return a function that makes a client with a session of its own and its CSRF token."""
    async with AsyncExitStack() as open_clients:

        async def new() -> httpx.AsyncClient:
            client = await open_clients.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app),
                    base_url="http://test",
                    event_hooks={"response": [contract.check]},
                )
            )
            await begin_session(client)
            return client

        yield new


@pytest.fixture
async def visitor(new_client: NewClient) -> httpx.AsyncClient:
    """Somebody who is not logged in."""
    return await new_client()


@pytest.fixture
async def customer(new_client: NewClient) -> httpx.AsyncClient:
    """Somebody who is logged in."""
    client = await new_client()
    return await log_in(client, await register(client))


@pytest.fixture
async def staff(new_client: NewClient, session: AsyncSession) -> httpx.AsyncClient:
    """A member of staff who is logged in."""
    client = await new_client()
    email = await register(client)
    await set_role(session, email, "staff")
    return await log_in(client, email)


@pytest.fixture
async def session(app: FastAPI) -> AsyncIterator[AsyncSession]:
    """A look into the database."""
    async with app.state.database.session() as session:
        yield session


@pytest.fixture
async def make_product(session: AsyncSession) -> MakeProduct:
    """Return a function that puts a product into the catalogue."""
    session.add(Category(slug="things", name="Things"))
    await session.commit()

    async def make(**fields: Any) -> Product:
        values = {
            "slug": f"product-{uuid4()}",
            "name": "Teapot",
            "description": "",
            "category": "things",
            "price": 1000,
            "tax_rate": 2000,
            "stock": 10,
            "created_at": now(),
            "updated_at": now(),
            **fields,
        }
        values["search_text"] = search_text_of(values["name"], values["description"])
        product = Product(**values)
        session.add(product)
        await session.commit()
        return product

    return make


@pytest.fixture
async def make_coupon(session: AsyncSession) -> MakeCoupon:
    """Return a function that makes a coupon."""

    async def make(**fields: Any) -> Coupon:
        values = {
            "code": "TEN",
            "kind": "percent",
            "value": 10,
            "valid_from": now() - timedelta(days=1),
            **fields,
        }
        coupon = Coupon(**values)
        session.add(coupon)
        await session.commit()
        return coupon

    return make


def as_json(body: Json) -> Json:
    """Return the arguments to send a body with; unlike httpx it can send half a surrogate pair."""
    return {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}


async def begin_session(client: httpx.AsyncClient) -> None:
    """Let a client get its CSRF token, and send it from now on."""
    token = (await client.get(f"{API}/csrf")).json()["csrfToken"]
    client.headers["X-CSRF-Token"] = token


async def register(client: httpx.AsyncClient, **fields: str) -> str:
    """Make an account and return its address."""
    new = {"email": f"{uuid4()}@example.com", "name": "Ada", "password": PASSWORD, **fields}
    response = await client.post(f"{API}/users", json=new)
    assert response.status_code == 201, response.text
    return new["email"]


async def log_in(client: httpx.AsyncClient, email: str) -> httpx.AsyncClient:
    """Log a client in and return it."""
    response = await client.post(f"{API}/login", json={"email": email, "password": PASSWORD})
    assert response.status_code == 200, response.text
    client.headers["X-CSRF-Token"] = response.json()["csrfToken"]
    return client


async def put_in_cart(client: httpx.AsyncClient, product: Product, quantity: int = 1) -> Json:
    """Put a product into a client's cart and return the cart."""
    new = {"productId": str(product.id), "quantity": quantity}
    response = await client.post(f"{API}/cart/items", json=new)
    assert response.status_code == 200, response.text
    cart: Json = response.json()
    return cart


async def cart_of(client: httpx.AsyncClient) -> Json:
    """Return a client's cart."""
    cart: Json = (await client.get(f"{API}/cart")).json()
    return cart


async def check_out(
    client: httpx.AsyncClient, *, card: str = CARD, key: str = "", revision: str = ""
) -> httpx.Response:
    """Buy what is in a client's cart; with the key and revision given, or a new one and today's."""
    return await client.post(
        f"{API}/checkout",
        headers={"Idempotency-Key": key or str(uuid4())},
        json={
            "revision": revision or (await cart_of(client))["revision"],
            "shippingAddress": ADDRESS,
            "payment": {"cardNumber": card},
        },
    )


async def order_of(client: httpx.AsyncClient, product: Product, quantity: int = 1) -> Json:
    """Buy a product and return the order."""
    await put_in_cart(client, product, quantity)
    response = await check_out(client)
    assert response.status_code == 201, response.text
    order: Json = response.json()
    return order


async def stock_of(session: AsyncSession, product_id: UUID) -> int:
    """Return a product's stock."""
    product = await session.get_one(Product, product_id, populate_existing=True)
    # The session must not keep reading what was true when it began.
    await session.commit()
    return product.stock
