"""Links over HTTP."""

import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.settings import Settings
from app.short_links import service
from tests.errors import assert_error, invalid_names
from tests.helpers import LINKS, TARGET, bearer, create_link, create_token


def url_of(link: dict[str, Any]) -> str:
    return f"{LINKS}/{link['shortCode']}"


class TestCreate:
    async def test_a_new_link_is_answered_and_kept(self, owner: httpx.AsyncClient) -> None:
        response = await owner.post(LINKS, json={"url": TARGET})
        link = response.json()
        assert response.status_code == 201
        assert response.headers["location"] == f"http://test{LINKS}/{link['shortCode']}"
        assert link["shortUrl"] == f"http://test/{link['shortCode']}"
        assert (link["url"], link["expiresAt"], link["accessCount"]) == (TARGET, None, 0)
        assert link["createdAt"] == link["updatedAt"]
        assert datetime.fromisoformat(link["createdAt"]).utcoffset() == timedelta(0)
        assert (await owner.get(response.headers["location"])).json() == link

    @pytest.mark.parametrize("alias", ["abc", "Spring-Sale_2026", "x" * 32])
    async def test_an_alias_is_the_code(self, owner: httpx.AsyncClient, alias: str) -> None:
        assert (await create_link(owner, alias=alias))["shortCode"] == alias

    @pytest.mark.parametrize("other", ["sale", "SALE", "sAlE"])
    async def test_an_alias_is_taken_whatever_the_case(
        self, client: httpx.AsyncClient, owner: httpx.AsyncClient, other: str
    ) -> None:
        await create_link(owner, alias="sale")
        stranger = bearer(await create_token(client))
        new = {"url": TARGET, "alias": other}
        assert_error(await client.post(LINKS, json=new, headers=stranger), 409)

    async def test_a_deleted_alias_stays_taken(self, owner: httpx.AsyncClient) -> None:
        await owner.delete(url_of(await create_link(owner, alias="sale")))
        assert_error(await owner.post(LINKS, json={"url": TARGET, "alias": "sale"}), 409)

    async def test_a_taken_random_code_is_replaced_by_another(
        self, owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        codes = itertools.chain(["aaaaaaa"] * 4, ["bbbbbbb"])
        monkeypatch.setattr(service, "random_code", lambda: next(codes))
        made = [await create_link(owner), await create_link(owner)]
        assert [link["shortCode"] for link in made] == ["aaaaaaa", "bbbbbbb"]

    async def test_random_codes_that_are_all_taken_are_our_fault(
        self, owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service, "random_code", lambda: "aaaaaaa")
        await create_link(owner)
        assert_error(await owner.post(LINKS, json={"url": TARGET}), 500)

    @pytest.mark.parametrize(
        ("given", "stored"),
        [
            ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
            ("2030-01-01t01:00:00.123456789+01:00", "2030-01-01T00:00:00.123456Z"),
            ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999Z"),
        ],
    )
    async def test_the_expiry_is_stored_in_utc(
        self, owner: httpx.AsyncClient, given: str, stored: str
    ) -> None:
        link = await create_link(owner, expiresAt=given)
        assert link["expiresAt"] == stored
        assert (await owner.get(url_of(link))).json() == link

    async def test_markup_and_sql_in_a_url_are_only_text(self, owner: httpx.AsyncClient) -> None:
        url = "https://example.com/?q=';DROP+TABLE+links;--&x={{7*7}}<script>"
        stored = "https://example.com/?q=';DROP+TABLE+links;--&x=%7B%7B7*7%7D%7D%3Cscript%3E"
        assert (await create_link(owner, url=url))["url"] == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", None),
        ("url", ""),
        ("url", 5),
        ("url", "javascript:alert(1)"),
        ("url", "http://127.1/"),
        ("url", "http://test/loop"),
        ("url", "https://TEST:8443/"),
        ("url", "https://example.com/\0"),
        ("url", "https://example.com/" + "x" * 2048),
        ("expiresAt", "tomorrow"),
        ("expiresAt", 1_700_000_000),
        ("expiresAt", "2026-01-01"),
        ("expiresAt", "2026-02-30T00:00:00Z"),
        ("expiresAt", "2026-01-01T00:00:00"),
        ("expiresAt", "٢٠٢٦-01-01T00:00:00Z"),
        ("colour", "red"),
        ("id", str(uuid4())),
        ("accessCount", 1_000_000),
    ],
)
async def test_an_invalid_field_is_named(
    owner: httpx.AsyncClient, field: str, value: object
) -> None:
    link = await create_link(owner)
    for response in [
        await owner.post(LINKS, json={"url": TARGET, field: value}),
        await owner.patch(url_of(link), json={field: value}),
    ]:
        assert_error(response, 422)
        assert invalid_names(response) == [field]
    assert (await owner.get(LINKS)).json()["items"] == [link]


@pytest.mark.parametrize(
    "alias", [None, "", "ab", "x" * 33, "a b", "a/b", "a.b", "älias", "sale\n", "api", "DOCS", 123]
)
async def test_an_invalid_alias_is_refused(owner: httpx.AsyncClient, alias: object) -> None:
    response = await owner.post(LINKS, json={"url": TARGET, "alias": alias})
    assert_error(response, 422)
    assert invalid_names(response) == ["alias"]


class TestWithPrivateHosts:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"allow_private_hosts": True})

    async def test_a_company_may_link_to_its_own_network(self, owner: httpx.AsyncClient) -> None:
        assert (await create_link(owner, url="http://10.1/wiki"))["url"] == "http://10.0.0.1/wiki"

    async def test_loops_are_refused_all_the_same(self, owner: httpx.AsyncClient) -> None:
        assert_error(await owner.post(LINKS, json={"url": "http://test/abc"}), 422)


class TestChange:
    @pytest.mark.parametrize(
        ("field", "value"),
        [("url", "https://example.com/second"), ("expiresAt", "2030-01-01T00:00:00Z")],
    )
    async def test_only_the_given_field_changes(
        self, owner: httpx.AsyncClient, field: str, value: str
    ) -> None:
        link = await create_link(owner)
        changed = (await owner.patch(url_of(link), json={field: value})).json()
        assert changed == {**link, field: value, "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > link["updatedAt"]
        assert (await owner.get(url_of(link))).json() == changed

    async def test_null_takes_the_expiry_away(self, owner: httpx.AsyncClient) -> None:
        link = await create_link(owner, expiresAt="2030-01-01T00:00:00Z")
        changed = await owner.patch(url_of(link), json={"expiresAt": None})
        assert changed.json()["expiresAt"] is None

    async def test_an_empty_object_changes_nothing(self, owner: httpx.AsyncClient) -> None:
        link = await create_link(owner)
        assert (await owner.patch(url_of(link), json={})).json() == link

    async def test_the_code_cannot_be_changed(self, owner: httpx.AsyncClient) -> None:
        link = await create_link(owner)
        response = await owner.patch(url_of(link), json={"alias": "another"})
        assert invalid_names(response) == ["alias"]


async def test_a_deleted_link_is_not_found(owner: httpx.AsyncClient) -> None:
    link, other = await create_link(owner), await create_link(owner)
    assert (await owner.delete(url_of(link))).status_code == 204
    assert_error(await owner.get(url_of(link)), 404)
    assert_error(await owner.patch(url_of(link), json={"url": TARGET}), 404)
    assert_error(await owner.delete(url_of(link)), 404)
    assert (await owner.get(LINKS)).json()["items"] == [other]


async def test_a_token_sees_and_changes_only_its_own_links(
    client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    link = await create_link(owner)
    stranger = bearer(await create_token(client))
    for response in [
        await client.get(url_of(link), headers=stranger),
        await client.patch(url_of(link), json={"url": TARGET}, headers=stranger),
        await client.patch(url_of(link), json={}, headers=stranger),
        await client.delete(url_of(link), headers=stranger),
        await client.get(f"{url_of(link)}/stats", headers=stranger),
    ]:
        assert_error(response, 404)
    assert (await client.get(LINKS, headers=stranger)).json()["items"] == []
    assert (await owner.get(url_of(link))).json() == link


@pytest.mark.parametrize("code", ["no-such-code", "a.b", "x" * 33, "ab", "%00", "%F0%9F"])
async def test_an_unknown_code_is_404(owner: httpx.AsyncClient, code: str) -> None:
    url = f"{LINKS}/{code}"
    for response in [
        await owner.get(url),
        await owner.patch(url, json={"url": TARGET}),
        await owner.delete(url),
        await owner.get(f"{url}/stats"),
    ]:
        assert_error(response, 404)


class TestList:
    async def test_the_newest_link_comes_first(self, owner: httpx.AsyncClient) -> None:
        links = [await create_link(owner) for _ in range(3)]
        page = (await owner.get(LINKS)).json()
        assert page == {"items": links[::-1], "page": 1, "pageSize": 20, "total": 3}

    async def test_pages(self, owner: httpx.AsyncClient) -> None:
        links = [await create_link(owner) for _ in range(3)]
        page = (await owner.get(LINKS, params={"page": 2, "pageSize": 2})).json()
        assert page == {"items": links[:1], "page": 2, "pageSize": 2, "total": 3}

    @pytest.mark.parametrize(
        ("name", "value"),
        [("page", "0"), ("page", "x"), ("page", str(2**31)), ("pageSize", "101")],
    )
    async def test_a_page_that_cannot_be_is_422(
        self, owner: httpx.AsyncClient, name: str, value: str
    ) -> None:
        response = await owner.get(LINKS, params={name: value})
        assert_error(response, 422)
        assert invalid_names(response) == [name]


class TestBehindAProxy:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"public_url": "https://sho.rt"})

    async def test_urls_follow_the_public_url(self, owner: httpx.AsyncClient) -> None:
        response = await owner.post(LINKS, json={"url": TARGET, "alias": "sale"})
        assert response.headers["location"] == f"https://sho.rt{LINKS}/sale"
        assert response.json()["shortUrl"] == "https://sho.rt/sale"

    async def test_its_own_host_is_the_public_one(self, owner: httpx.AsyncClient) -> None:
        assert_error(await owner.post(LINKS, json={"url": "https://SHO.RT./x"}), 422)
