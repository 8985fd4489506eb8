"""The catalogue over HTTP."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.products.models import StockCorrection
from tests.shop import API, Json, MakeProduct, as_json, stock_of

PRODUCTS = f"{API}/products"
NEW = {
    "slug": "glass-teapot",
    "name": "Glass teapot",
    "category": "things",
    "price": 2900,
    "taxRate": 2000,
}


async def names(client: httpx.AsyncClient, **query: str | int) -> list[str]:
    """Return the names in a list."""
    response = await client.get(PRODUCTS, params=query)
    assert response.status_code == 200, response.text
    return [product["name"] for product in response.json()["items"]]


@pytest.fixture
async def shelf(make_product: MakeProduct) -> None:
    """Four products."""
    await make_product(name="Teapot", price=3000, stock=0)
    await make_product(name="Äpfel & Zimt", price=800, description="Tea, 100% herbs")
    await make_product(name="snake_case", price=3000)
    await make_product(name="Hidden tea", archived=True)


@pytest.mark.usefixtures("shelf")
class TestList:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, ["Teapot", "snake_case", "Äpfel & Zimt"]),
            ({"q": "TEA"}, ["Teapot", "Äpfel & Zimt"]),
            ({"q": "äpf"}, ["Äpfel & Zimt"]),
            ({"q": "%"}, ["Äpfel & Zimt"]),
            ({"q": "_"}, ["snake_case"]),
            ({"q": "' OR '1'='1"}, []),
            ({"q": ""}, ["Teapot", "snake_case", "Äpfel & Zimt"]),
            ({"category": "things", "q": "pot"}, ["Teapot"]),
            ({"category": "nowhere"}, []),
            ({"minPrice": 801}, ["Teapot", "snake_case"]),
            ({"maxPrice": 800}, ["Äpfel & Zimt"]),
            ({"minPrice": 3001, "maxPrice": 3000}, []),
            ({"inStock": "true"}, ["snake_case", "Äpfel & Zimt"]),
            ({"inStock": "false"}, ["Teapot"]),
            ({"sort": "price", "inStock": "true"}, ["Äpfel & Zimt", "snake_case"]),
            ({"sort": "-name", "maxPrice": 3000}, ["Äpfel & Zimt", "snake_case", "Teapot"]),
            ({"sort": "createdAt"}, ["Teapot", "Äpfel & Zimt", "snake_case"]),
            ({"sort": "-createdAt"}, ["snake_case", "Äpfel & Zimt", "Teapot"]),
            ({"colour": "red"}, ["Teapot", "snake_case", "Äpfel & Zimt"]),
        ],
    )
    async def test_filters_combine_and_the_archived_stay_hidden(
        self, client: httpx.AsyncClient, query: dict[str, str | int], found: list[str]
    ) -> None:
        assert await names(client, **query) == found

    async def test_pages_show_each_product_once(self, client: httpx.AsyncClient) -> None:
        pages = [
            (
                await client.get(PRODUCTS, params={"sort": "price", "pageSize": 1, "page": page})
            ).json()
            for page in (1, 2, 3, 4)
        ]
        found = [item["name"] for page in pages for item in page["items"]]
        assert sorted(found) == ["Teapot", "snake_case", "Äpfel & Zimt"]
        assert {page["total"] for page in pages} == {3}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("q", "x" * 101),
            ("q", "\0"),
            ("category", "No Slug"),
            ("minPrice", "-1"),
            ("maxPrice", "10000001"),
            ("maxPrice", "1.0"),
            ("inStock", "yes"),
            ("sort", "stock"),
            ("page", "0"),
            ("pageSize", "101"),
        ],
    )
    async def test_an_invalid_filter_is_named(
        self, client: httpx.AsyncClient, name: str, value: str
    ) -> None:
        response = await client.get(PRODUCTS, params={name: value})
        assert response.status_code == 422
        assert [error["parameter"] for error in response.json()["errors"]] == [name]

    async def test_categories_count_what_is_on_sale(self, client: httpx.AsyncClient) -> None:
        page = (await client.get(f"{API}/categories")).json()
        assert page["items"] == [{"slug": "things", "name": "Things", "products": 3}]
        assert page["total"] == 1


class TestRead:
    async def test_a_product_is_found_by_its_slug(
        self, client: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product = await make_product(slug="teapot", price=1999)
        body = (await client.get(f"{PRODUCTS}/teapot")).json()
        assert body["id"] == str(product.id)
        assert (body["price"], body["currency"], body["taxRate"]) == (1999, "EUR", 2000)

    @pytest.mark.parametrize("slug", ["nothing", "NO-SLUG", "%00", "a--b", "x" * 101])
    async def test_an_unknown_slug_is_404(self, client: httpx.AsyncClient, slug: str) -> None:
        assert (await client.get(f"{PRODUCTS}/{slug}")).status_code == 404

    async def test_only_staff_see_what_is_archived(
        self,
        customer: httpx.AsyncClient,
        staff: httpx.AsyncClient,
        make_product: MakeProduct,
    ) -> None:
        await make_product(slug="hidden", archived=True)
        assert (await customer.get(f"{PRODUCTS}/hidden")).status_code == 404
        assert (await staff.get(f"{PRODUCTS}/hidden")).json()["archived"] is True


@pytest.mark.usefixtures("make_product")
class TestCreate:
    async def test_a_product_is_kept_with_its_first_stock_on_record(
        self, staff: httpx.AsyncClient
    ) -> None:
        response = await staff.post(PRODUCTS, json={**NEW, "stock": 25})
        product = response.json()
        assert response.status_code == 201
        assert response.headers["location"] == f"http://test{PRODUCTS}/glass-teapot"
        assert (await staff.get(response.headers["location"])).json() == product
        corrections = await staff.get(f"{PRODUCTS}/glass-teapot/stock-corrections")
        (first,) = corrections.json()["items"]
        assert (first["delta"], first["stock"], first["reason"]) == (25, 25, "First stock")
        assert first["correctedBy"] == (await staff.get(f"{API}/me")).json()["id"]

    @pytest.mark.parametrize(
        "text",
        ["<script>alert(1)</script>", "'; DROP TABLE products; --", "{{ 7*7 }}", 'a\\b"c%d_e'],
    )
    async def test_markup_and_sql_in_a_name_are_only_text(
        self, staff: httpx.AsyncClient, text: str
    ) -> None:
        created = await staff.post(PRODUCTS, json={**NEW, "name": text, "description": text})
        assert (created.json()["name"], created.json()["description"]) == (text, text)
        assert await names(staff, q=text) == [text]

    @pytest.mark.parametrize(
        "fields", [{"slug": "glass-teapot"}, {"slug": "another", "category": "nowhere"}]
    )
    async def test_slugs_are_unique_and_categories_exist(
        self, staff: httpx.AsyncClient, fields: Json
    ) -> None:
        await staff.post(PRODUCTS, json=NEW)
        assert (await staff.post(PRODUCTS, json={**NEW, **fields})).status_code == 409

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("slug", "No Slug"),
            ("slug", "a--b"),
            ("slug", ""),
            ("slug", "x" * 101),
            ("name", ""),
            ("name", "x" * 201),
            ("name", "a\0b"),
            ("name", "\udc00"),
            ("description", "x" * 5001),
            ("description", None),
            ("price", -1),
            ("price", 1.5),
            ("price", "1"),
            ("price", 10**7 + 1),
            ("price", 10**400),
            ("taxRate", 10_001),
            ("stock", -1),
            ("stock", 1_000_001),
            ("stock", True),
            ("id", str(uuid4())),
        ],
    )
    async def test_an_invalid_field_is_named(
        self, staff: httpx.AsyncClient, field: str, value: Any
    ) -> None:
        response = await staff.post(PRODUCTS, **as_json({**NEW, field: value}))
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{field}"]


class TestChange:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "Pot"),
            ("description", "Old"),
            ("price", 5),
            ("taxRate", 0),
            ("archived", True),
        ],
    )
    async def test_only_the_given_field_changes(
        self, staff: httpx.AsyncClient, make_product: MakeProduct, field: str, value: Any
    ) -> None:
        url = f"{PRODUCTS}/{(await make_product()).slug}"
        before = (await staff.get(url)).json()
        changed = (await staff.patch(url, json={field: value})).json()
        assert changed == {**before, field: value, "updatedAt": changed["updatedAt"]}
        assert (await staff.get(url)).json() == changed

    async def test_an_empty_object_changes_nothing(
        self, staff: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        url = f"{PRODUCTS}/{(await make_product()).slug}"
        before = (await staff.get(url)).json()
        assert (await staff.patch(url, json={})).json() == before

    async def test_a_new_name_is_found_and_the_description_still(
        self, staff: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        product = await make_product(name="Teapot", description="Holds a litre")
        await staff.patch(f"{PRODUCTS}/{product.slug}", json={"name": "Kettle"})
        assert await names(staff, q="kettle") == ["Kettle"]
        assert await names(staff, q="litre") == ["Kettle"]
        assert await names(staff, q="teapot") == []

    @pytest.mark.parametrize(
        ("slug", "changes", "status"),
        [
            ("nothing", {"price": 1}, 404),
            ("nothing", {}, 404),
            ("teapot", {"category": "nowhere"}, 409),
            ("teapot", {"stock": 5}, 422),
            ("teapot", {"slug": "pot"}, 422),
            ("teapot", {"price": None}, 422),
        ],
    )
    async def test_what_cannot_be_changed_is_refused(
        self,
        staff: httpx.AsyncClient,
        make_product: MakeProduct,
        slug: str,
        changes: Json,
        status: int,
    ) -> None:
        await make_product(slug="teapot")
        response = await staff.patch(f"{PRODUCTS}/{slug}", json=changes)
        assert response.status_code == status


class TestStock:
    async def test_corrections_are_on_record(
        self, staff: httpx.AsyncClient, make_product: MakeProduct
    ) -> None:
        url = f"{PRODUCTS}/{(await make_product(stock=10)).slug}"
        for delta, reason in [(5, "Delivery"), (-3, "Broken")]:
            correction = {"delta": delta, "reason": reason}
            product = (await staff.post(f"{url}/stock-corrections", json=correction)).json()
        assert product["stock"] == 12
        page = (await staff.get(f"{url}/stock-corrections")).json()
        found = [(item["delta"], item["stock"], item["reason"]) for item in page["items"]]
        assert found == [(-3, 12, "Broken"), (5, 15, "Delivery")]

    @pytest.mark.parametrize("delta", [-11, 999_991])
    async def test_the_stock_stays_in_its_range(
        self,
        staff: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        delta: int,
    ) -> None:
        product = await make_product(stock=10)
        url = f"{PRODUCTS}/{product.slug}/stock-corrections"
        response = await staff.post(url, json={"delta": delta, "reason": "Oops"})
        assert response.status_code == 409
        assert await stock_of(session, product.id) == 10
        assert (await session.scalars(select(StockCorrection))).all() == []

    async def test_an_unknown_product_has_none(self, staff: httpx.AsyncClient) -> None:
        url = f"{PRODUCTS}/nothing/stock-corrections"
        assert (await staff.get(url)).status_code == 404
        assert (await staff.post(url, json={"delta": 1, "reason": "x"})).status_code == 404


async def test_the_catalogue_is_kept_by_staff_only(
    visitor: httpx.AsyncClient, customer: httpx.AsyncClient, make_product: MakeProduct
) -> None:
    url = f"{PRODUCTS}/{(await make_product()).slug}"
    correction = {"delta": 1, "reason": "x"}
    for client, status in [(visitor, 401), (customer, 403)]:
        for response in [
            await client.post(PRODUCTS, json=NEW),
            await client.patch(url, json={"price": 0}),
            await client.get(f"{url}/stock-corrections"),
            await client.post(f"{url}/stock-corrections", json=correction),
        ]:
            assert response.status_code == status
