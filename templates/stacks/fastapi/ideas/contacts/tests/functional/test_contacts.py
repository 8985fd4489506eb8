"""Contacts over HTTP, one at a time."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.settings import Settings
from tests.conftest import NewClient
from tests.errors import assert_error, invalid_names

CONTACTS = "/api/v1/contacts"
EMPTY: dict[str, Any] = {
    "firstName": None,
    "lastName": None,
    "company": None,
    "jobTitle": None,
    "emails": [],
    "phones": [],
    "address": None,
    "birthday": None,
    "notes": None,
    "favorite": False,
    "groups": [],
}
FULL: dict[str, Any] = {
    "firstName": "Grace",
    "lastName": "Hopper",
    "company": "US Navy",
    "jobTitle": "Rear Admiral",
    "emails": [{"label": "work", "value": "Grace@example.com"}],
    "phones": [{"label": "mobile", "value": "+16502530000"}],
    "address": "1 Harbor Street\nArlington",
    "birthday": "1906-12-09",
    "notes": "Found the first bug.",
    "favorite": True,
    "groups": ["Pioneers", "Navy"],
}
Json = dict[str, Any]


async def create(client: httpx.AsyncClient, **fields: Any) -> tuple[str, Json]:
    """Create a contact and return its path and itself."""
    response = await client.post(CONTACTS, json={"firstName": "Grace", **fields})
    assert response.status_code == 201, response.text
    contact: Json = response.json()
    return f"{CONTACTS}/{contact['id']}", contact


def written(contact: Json) -> Json:
    """Return a contact without what the service adds."""
    return {name: value for name, value in contact.items() if name in FULL}


class TestCreate:
    async def test_a_new_contact_is_answered_and_kept(self, user: httpx.AsyncClient) -> None:
        response = await user.post(CONTACTS, json=FULL)
        contact = response.json()
        assert response.status_code == 201
        assert response.headers["location"] == f"http://test{CONTACTS}/{contact['id']}"
        assert written(contact) == FULL
        assert contact["createdAt"] == contact["updatedAt"]
        stored = await user.get(response.headers["location"])
        assert stored.json() == contact
        assert stored.headers["etag"] == response.headers["etag"]

    @pytest.mark.parametrize("name", ["firstName", "lastName", "company"])
    async def test_one_name_is_enough(self, user: httpx.AsyncClient, name: str) -> None:
        response = await user.post(CONTACTS, json={name: " Grace "})
        assert written(response.json()) == {**EMPTY, name: "Grace"}

    @pytest.mark.parametrize(
        "names", [{}, {"firstName": None, "lastName": " ", "company": "\N{IDEOGRAPHIC SPACE}"}]
    )
    async def test_a_contact_without_any_name_is_refused(
        self, user: httpx.AsyncClient, names: Json
    ) -> None:
        response = await user.post(CONTACTS, json={"jobTitle": "Rear Admiral", **names})
        assert_error(response, 422)
        assert invalid_names(response) == [""]

    async def test_what_is_listed_twice_is_kept_once(self, user: httpx.AsyncClient) -> None:
        emails = [
            {"label": "a", "value": "x@example.com"},
            {"label": "b", "value": "y@example.com"},
            {"label": "c", "value": "X@Example.com"},
        ]
        _, contact = await create(user, emails=emails, groups=["Café", "Work", "CAFE"])
        assert contact["emails"] == emails[:2]
        assert contact["groups"] == ["Café", "Work"]

    @pytest.mark.parametrize(
        "text",
        ["<script>alert(1)</script>", "'; DROP TABLE contacts; --", "{{ 7*7 }}", "=1+1", "%_\\"],
    )
    async def test_markup_and_sql_are_only_text(self, user: httpx.AsyncClient, text: str) -> None:
        path, _ = await create(user, company=text, groups=[text])
        contact = (await user.get(path)).json()
        assert (contact["company"], contact["groups"]) == (text, [text])
        for query in [{"q": text}, {"group": text}]:
            assert (await user.get(CONTACTS, params=query)).json()["total"] == 1


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("firstName", 1, "firstName"),
        ("firstName", "x" * 101, "firstName"),
        ("lastName", "a\nb", "lastName"),
        ("company", "a\0b", "company"),
        ("jobTitle", ["x"], "jobTitle"),
        ("address", "x" * 501, "address"),
        ("notes", "x" * 2001, "notes"),
        ("notes", "\x07", "notes"),
        ("birthday", "1906-13-09", "birthday"),
        ("birthday", "1906-12-09T00:00:00Z", "birthday"),
        ("birthday", "0000-01-01", "birthday"),
        ("birthday", "١٩٠٦-١٢-٠٩", "birthday"),
        ("birthday", 0, "birthday"),
        ("favorite", None, "favorite"),
        ("favorite", "true", "favorite"),
        ("emails", None, "emails"),
        ("emails", {}, "emails"),
        ("emails", ["a@example.com"], "emails/0"),
        ("emails", [{"value": "a"}], "emails/0/value"),
        ("emails", [{"label": "a:b", "value": "a@example.com"}], "emails/0/label"),
        ("emails", [{"label": "", "value": "a@example.com"}], "emails/0/label"),
        ("emails", [{"value": "a@example.com", "primary": True}], "emails/0/primary"),
        ("emails", [{"value": f"{n}@example.com"} for n in range(11)], "emails"),
        ("phones", [{"value": " "}], "phones/0/value"),
        ("phones", [{"value": "1" * 51}], "phones/0/value"),
        ("phones", [{"value": "1"}] * 11, "phones"),
        ("groups", [""], "groups/0"),
        ("groups", ["x" * 51], "groups/0"),
        ("groups", [str(n) for n in range(21)], "groups"),
        ("colour", "red", "colour"),
        ("id", str(uuid4()), "id"),
    ],
)
async def test_an_invalid_field_is_named(
    user: httpx.AsyncClient, field: str, value: object, name: str
) -> None:
    path, contact = await create(user)
    for response in [
        await user.post(CONTACTS, json={"firstName": "x", field: value}),
        await user.put(path, json={"firstName": "x", field: value}),
        await user.patch(path, json={field: value}),
    ]:
        assert_error(response, 422)
        assert invalid_names(response) == [name]
    assert (await user.get(CONTACTS)).json()["items"] == [contact]


class TestChange:
    @pytest.mark.parametrize(("field", "value"), FULL.items())
    async def test_only_the_given_field_changes(
        self, user: httpx.AsyncClient, field: str, value: object
    ) -> None:
        path, contact = await create(user, firstName="x", company="y")
        response = await user.patch(path, json={field: value})
        changed = response.json()
        assert response.status_code == 200
        assert changed == {**contact, field: value, "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > contact["updatedAt"]
        stored = await user.get(path)
        assert (stored.json(), stored.headers["etag"]) == (changed, response.headers["etag"])

    @pytest.mark.parametrize("nothing", [None, "", "  "])
    async def test_nothing_takes_a_text_away(
        self, user: httpx.AsyncClient, nothing: str | None
    ) -> None:
        path, _ = await create(user, **FULL)
        changed = (await user.patch(path, json={"jobTitle": nothing, "notes": nothing})).json()
        assert (changed["jobTitle"], changed["notes"]) == (None, None)

    async def test_an_empty_object_changes_nothing(self, user: httpx.AsyncClient) -> None:
        path, contact = await create(user)
        assert (await user.patch(path, json={})).json() == contact

    async def test_the_last_name_of_a_contact_stays(self, user: httpx.AsyncClient) -> None:
        path, contact = await create(user)
        response = await user.patch(path, json={"firstName": None, "company": " "})
        assert_error(response, 409, "A contact needs a first name, a last name or a company.")
        assert (await user.get(path)).json() == contact

    async def test_a_replacement_empties_what_it_leaves_out(self, user: httpx.AsyncClient) -> None:
        path, contact = await create(user, **FULL)
        replaced = (await user.put(path, json={"company": "US Navy"})).json()
        assert written(replaced) == {**EMPTY, "company": "US Navy"}
        assert (replaced["id"], replaced["createdAt"]) == (contact["id"], contact["createdAt"])
        assert (await user.get(path)).json() == replaced

    async def test_the_search_and_the_groups_follow_a_change(self, user: httpx.AsyncClient) -> None:
        path, _ = await create(user, **FULL)
        await user.patch(path, json={"lastName": "Murray", "groups": ["Family"]})
        for query, total in [
            ({"q": "hopper"}, 0),
            ({"q": "murray"}, 1),
            ({"group": "navy"}, 0),
            ({"group": "family"}, 1),
        ]:
            assert (await user.get(CONTACTS, params=query)).json()["total"] == total


class TestStates:
    @pytest.mark.parametrize("method", ["PUT", "PATCH"])
    async def test_a_stale_change_is_412_and_changes_nothing(
        self, user: httpx.AsyncClient, method: str
    ) -> None:
        path, _ = await create(user)
        stale = {"If-Match": (await user.get(path)).headers["etag"]}
        changed = await user.patch(path, json={"lastName": "Hopper"}, headers=stale)
        assert changed.status_code == 200
        response = await user.request(method, path, json={"firstName": "x"}, headers=stale)
        assert_error(response, 412)
        assert (await user.get(path)).json() == changed.json()

    @pytest.mark.parametrize("template", ["{}", '"x", {}', "*"])
    async def test_a_change_from_the_present_state_is_done(
        self, user: httpx.AsyncClient, template: str
    ) -> None:
        path, _ = await create(user)
        etag = (await user.get(path)).headers["etag"]
        headers = {"If-Match": template.format(etag)}
        response = await user.patch(path, json={"lastName": "Hopper"}, headers=headers)
        assert response.status_code == 200
        assert response.headers["etag"] != etag

    async def test_what_the_client_has_is_not_sent_again(self, user: httpx.AsyncClient) -> None:
        path, _ = await create(user)
        headers = {"If-None-Match": (await user.get(path)).headers["etag"]}
        response = await user.get(path, headers=headers)
        assert (response.status_code, response.content) == (304, b"")
        await user.patch(path, json={"favorite": True})
        assert (await user.get(path, headers=headers)).status_code == 200


class TestEmails:
    async def test_another_contacts_email_is_409_and_names_it(
        self, user: httpx.AsyncClient
    ) -> None:
        _, owner = await create(user, **FULL)
        path, contact = await create(user, firstName="Impostor")
        emails = [{"value": "new@example.com"}, {"value": "GRACE@example.com"}]
        for response in [
            await user.post(CONTACTS, json={"firstName": "x", "emails": emails}),
            await user.put(path, json={"firstName": "x", "emails": emails}),
            await user.patch(path, json={"emails": emails}),
        ]:
            assert_error(response, 409, "grace@example.com belongs to Grace Hopper.")
            expected = {"id": owner["id"], "name": "Grace Hopper"}
            assert response.json()["contact"] == expected
        assert (await user.get(path)).json() == contact
        assert (await user.get(CONTACTS)).json()["total"] == 2

    async def test_a_contact_keeps_and_gives_back_its_own(self, user: httpx.AsyncClient) -> None:
        path, _ = await create(user, **FULL)
        kept = [{"label": "home", "value": "GRACE@example.com"}]
        assert (await user.patch(path, json={"emails": kept})).json()["emails"] == kept
        await user.patch(path, json={"emails": []})
        other, _ = await create(user, emails=kept)
        assert (await user.delete(other)).status_code == 204
        await create(user, emails=kept)

    async def test_users_do_not_get_into_each_others_way(
        self, user: httpx.AsyncClient, stranger: httpx.AsyncClient
    ) -> None:
        await create(user, **FULL)
        await create(stranger, **FULL)


async def test_a_deleted_contact_is_gone(user: httpx.AsyncClient) -> None:
    path, _ = await create(user)
    _, other = await create(user)
    assert (await user.delete(path)).status_code == 204
    assert_error(await user.get(path), 404)
    assert (await user.get(CONTACTS)).json()["items"] == [other]


async def answers(client: httpx.AsyncClient, path: str) -> list[httpx.Response]:
    return [
        await client.get(path),
        await client.put(path, json={"firstName": "x"}),
        await client.patch(path, json={"favorite": True}),
        await client.patch(path, json={}),
        await client.delete(path),
    ]


async def test_somebody_elses_contact_is_not_found(
    user: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    path, contact = await create(user, **FULL)
    for response in await answers(stranger, path):
        assert_error(response, 404, "There is no contact with this id.")
    assert (await stranger.get(CONTACTS)).json()["total"] == 0
    assert (await stranger.get(CONTACTS, params={"q": "hopper"})).json()["total"] == 0
    exported = await stranger.get(f"{CONTACTS}/export", headers={"Accept": "text/vcard"})
    assert exported.text == ""
    assert (await user.get(path)).json() == contact


@pytest.mark.parametrize("contact_id", [str(uuid4()), "1", "not-a-uuid", "%00", "a" * 5000])
async def test_an_unknown_id_is_404(user: httpx.AsyncClient, contact_id: str) -> None:
    for response in await answers(user, f"{CONTACTS}/{contact_id}"):
        assert_error(response, 404)


class TestBehindAProxy:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"public_url": "https://contacts.example/base"})

    async def test_the_location_follows_the_public_url(self, new_client: NewClient) -> None:
        user = await new_client()
        response = await user.post(CONTACTS, json={"firstName": "Grace"})
        location = response.headers["location"]
        assert location.startswith(f"https://contacts.example/base{CONTACTS}/")
