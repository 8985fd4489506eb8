"""Files of contacts over HTTP."""

from typing import Any

import httpx
import pytest

from tests.errors import assert_error
from tests.unit.examples import HARD

CONTACTS = "/api/v1/contacts"
IMPORT, EXPORT = f"{CONTACTS}/import", f"{CONTACTS}/export"
CSV, VCARD = "text/csv", "text/vcard"
BAD = "firstName,birthday\nGrace,1906-12-09\n,1912-06-23\nAlan,yesterday\n"


async def send(
    client: httpx.AsyncClient, text: str | bytes, media_type: str = CSV, **query: str
) -> httpx.Response:
    """Import a file."""
    headers = {"Content-Type": media_type}
    return await client.post(IMPORT, content=text, headers=headers, params=query)


async def report(client: httpx.AsyncClient, text: str, **query: str) -> tuple[int, int, int]:
    """Import a CSV file and return how many rows it created, updated and refused."""
    response = await send(client, text, **query)
    assert response.status_code == 200, response.text
    counts = response.json()
    assert len(counts["errors"]) == counts["refused"]
    return counts["created"], counts["updated"], counts["refused"]


async def contacts(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Return all contacts in the order of their creation."""
    page = await client.get(CONTACTS, params={"sort": "createdAt", "pageSize": 100})
    items: list[dict[str, Any]] = page.json()["items"]
    return items


def without_identity(contact: dict[str, Any]) -> dict[str, Any]:
    hidden = {"id", "createdAt", "updatedAt"}
    return {name: value for name, value in contact.items() if name not in hidden}


@pytest.mark.parametrize("media_type", [CSV, VCARD])
async def test_an_export_imported_elsewhere_gives_the_same_contacts(
    user: httpx.AsyncClient, stranger: httpx.AsyncClient, media_type: str
) -> None:
    for contact in HARD:
        body = {**contact, "birthday": "0001-02-28"} if "birthday" in contact else contact
        assert (await user.post(CONTACTS, json=body)).status_code == 201
    exported = await user.get(EXPORT, headers={"Accept": media_type})
    assert exported.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert "Accept" in exported.headers["vary"].split(", ")
    imported = await send(stranger, exported.content, media_type)
    assert imported.json() == {"created": len(HARD), "updated": 0, "refused": 0, "errors": []}
    before, after = await contacts(user), await contacts(stranger)
    assert list(map(without_identity, after)) == list(map(without_identity, before))
    assert not {each["id"] for each in before} & {each["id"] for each in after}


@pytest.mark.parametrize("media_type", [CSV, VCARD])
async def test_an_export_imported_again_changes_nothing_but_the_version(
    user: httpx.AsyncClient, media_type: str
) -> None:
    for contact in HARD[:5]:
        await user.post(CONTACTS, json=contact)
    before = await contacts(user)
    exported = await user.get(EXPORT, headers={"Accept": media_type})
    imported = await send(user, exported.content, media_type)
    assert imported.json() == {"created": 0, "updated": 5, "refused": 0, "errors": []}
    after = await contacts(user)
    assert [each["id"] for each in after] == [each["id"] for each in before]
    assert list(map(without_identity, after)) == list(map(without_identity, before))


async def test_a_row_updates_the_contact_with_its_email(user: httpx.AsyncClient) -> None:
    body = {"company": "Navy", "emails": [{"value": "a@example.com"}], "notes": "old"}
    created = await user.post(CONTACTS, json=body)
    path, etag = created.headers["location"], created.headers["etag"]
    text = 'firstName,emails\nGrace,"home: A@example.com\nb@example.com"\nAlan,c@example.com\n'
    assert await report(user, text) == (1, 1, 0)
    updated = await user.get(path)
    assert updated.headers["etag"] != etag
    contact = updated.json()
    assert (contact["firstName"], contact["company"], contact["notes"]) == ("Grace", None, None)
    assert [each["value"] for each in contact["emails"]] == ["A@example.com", "b@example.com"]
    taken = await user.post(CONTACTS, json={"company": "x", "emails": [{"value": "b@example.com"}]})
    assert taken.json()["contact"] == {"id": contact["id"], "name": "Grace"}
    assert [each["firstName"] for each in await contacts(user)] == ["Grace", "Alan"]
    assert (await user.get(CONTACTS, params={"q": "navy"})).json()["total"] == 0


async def test_an_id_updates_only_an_own_contact(
    user: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    contact = (await user.post(CONTACTS, json={"company": "Navy"})).json()
    text = f"id,company\n{contact['id']},Army\n"
    assert await report(stranger, text) == (1, 0, 0)
    assert await contacts(user) == [contact]
    assert await report(user, text) == (0, 1, 0)
    assert [each["company"] for each in await contacts(user)] == ["Army"]
    assert await report(user, "id,company\nrow 1,Air Force\n") == (1, 0, 0)


class TestRefused:
    async def test_one_bad_row_refuses_the_whole_file(self, user: httpx.AsyncClient) -> None:
        response = await send(user, BAD)
        assert_error(response, 422, "Nothing was stored.")
        assert response.json()["errors"] == [
            {"line": 3, "detail": "A contact needs a first name, a last name or a company."},
            {"line": 4, "detail": "birthday: Must be a date such as 2026-11-22."},
        ]
        assert await contacts(user) == []

    async def test_the_good_rows_are_kept_if_the_client_wants(
        self, user: httpx.AsyncClient
    ) -> None:
        response = await send(user, BAD, mode="partial")
        assert response.status_code == 200
        assert [error["line"] for error in response.json()["errors"]] == [3, 4]
        assert [each["firstName"] for each in await contacts(user)] == ["Grace"]

    @pytest.mark.parametrize(
        ("rows", "lines"),
        [
            ("A,,a@example.com\nB,,A@example.com", [3]),
            ("A,{one},\nB,{one},", [3]),
            ("A,,one@example.com\nB,{one},", [3]),
            ('A,,"one@example.com\ntwo@example.com"', [2]),
            ("A,{one},two@example.com", [2]),
            ("A,{one},new@example.com\nB,,one@example.com", [3]),
        ],
    )
    async def test_two_contacts_cannot_have_one_email_or_id(
        self, user: httpx.AsyncClient, rows: str, lines: list[int]
    ) -> None:
        ids = {}
        for name in ("one", "two"):
            body = {"company": name, "emails": [{"value": f"{name}@example.com"}]}
            ids[name] = (await user.post(CONTACTS, json=body)).json()["id"]
        before = await contacts(user)
        text = f"firstName,id,emails\n{rows.format(**ids)}\n"
        response = await send(user, text)
        assert_error(response, 422)
        assert [error["line"] for error in response.json()["errors"]] == lines
        assert await contacts(user) == before
        response = await send(user, text, mode="partial")
        assert [error["line"] for error in response.json()["errors"]] == lines

    async def test_a_file_may_have_ten_thousand_contacts(self, user: httpx.AsyncClient) -> None:
        row = "A\n"
        response = await send(user, "firstName\n" + row * 10_001, mode="partial")
        assert_error(response, 422, "Nothing was stored.")
        assert [error["line"] for error in response.json()["errors"]] == [10_002]
        assert await contacts(user) == []


@pytest.mark.parametrize(
    ("text", "media_type", "detail"),
    [
        ('firstName\n"Grace', CSV, "Line 2 is not CSV: unexpected end of data."),
        (b"firstName\nGr\xffce", CSV, "Line 2 is not UTF-8."),
        ("Grace Hopper", VCARD, "Line 1 is not vCard: it does not belong here."),
    ],
)
async def test_a_file_of_another_format_is_400(
    user: httpx.AsyncClient, text: str | bytes, media_type: str, detail: str
) -> None:
    assert_error(await send(user, text, media_type), 400, detail)


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/json", "text/csv; charset=latin1", "nonsense"]
)
async def test_another_media_type_is_415(user: httpx.AsyncClient, media_type: str) -> None:
    response = await send(user, "firstName\nGrace\n", media_type)
    assert_error(response, 415, "Send the body as text/csv or text/vcard in UTF-8.")


@pytest.mark.parametrize("media_type", ["TEXT/CSV", 'text/csv; header=present; charset="UTF-8"'])
async def test_a_media_type_has_more_than_one_spelling(
    user: httpx.AsyncClient, media_type: str
) -> None:
    assert (await send(user, "firstName\nGrace\n", media_type)).status_code == 200


async def test_an_unknown_mode_is_422(user: httpx.AsyncClient) -> None:
    response = await send(user, "firstName\nGrace\n", mode="some")
    assert_error(response, 422)
    assert [error["parameter"] for error in response.json()["errors"]] == ["mode"]


async def test_a_file_may_be_larger_than_other_bodies(user: httpx.AsyncClient) -> None:
    lines = "firstName\nGrace\n" + ("x" * 100_000 + "\n") * 52
    text = lines.ljust(5 * 2**20, "x")
    response = await send(user, text, mode="partial")
    assert response.status_code == 200, response.text
    assert response.json()["created"] == 1
    assert_error(await send(user, f"{text}x", mode="partial"), 413)


async def test_a_format_nobody_writes_is_406(user: httpx.AsyncClient) -> None:
    response = await user.get(EXPORT, headers={"Accept": "text/html"})
    assert_error(response, 406, "Accept one of these media types: text/csv, text/vcard.")


@pytest.mark.parametrize(("accept", "name"), [("*/*", "contacts.csv"), (VCARD, "contacts.vcf")])
async def test_a_browser_saves_the_export_as_a_file(
    user: httpx.AsyncClient, accept: str, name: str
) -> None:
    response = await user.get(EXPORT, headers={"Accept": accept})
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
