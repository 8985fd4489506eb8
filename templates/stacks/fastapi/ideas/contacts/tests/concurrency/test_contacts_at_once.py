"""Several requests of one user at the same time."""

import asyncio
from collections import Counter
from itertools import cycle

import httpx
import pytest

CONTACTS = "/api/v1/contacts"


def statuses(responses: list[httpx.Response]) -> Counter[int]:
    return Counter(response.status_code for response in responses)


async def test_one_of_many_gets_the_email(user: httpx.AsyncClient) -> None:
    new = {"firstName": "Grace", "emails": [{"value": "grace@example.com"}]}
    responses = await asyncio.gather(*(user.post(CONTACTS, json=new) for _ in range(20)))
    assert statuses(responses) == {201: 1, 409: 19}
    (contact,) = (await user.get(CONTACTS)).json()["items"]
    for response in responses:
        if response.status_code == 409:
            assert response.json()["contact"]["id"] == contact["id"]


async def test_of_many_who_saw_the_same_state_one_changes_it(user: httpx.AsyncClient) -> None:
    created = await user.post(CONTACTS, json={"firstName": "Grace"})
    path, seen = created.headers["location"], {"If-Match": created.headers["etag"]}
    responses = await asyncio.gather(
        *(user.patch(path, json={"firstName": f"{number}"}, headers=seen) for number in range(10))
    )
    assert statuses(responses) == {200: 1, 412: 9}
    (winner,) = (response for response in responses if response.status_code == 200)
    assert (await user.get(path)).json() == winner.json()


async def test_changes_of_different_fields_lose_nothing(user: httpx.AsyncClient) -> None:
    created = await user.post(CONTACTS, json={"firstName": "old"})
    path = created.headers["location"]
    changes = [
        {"firstName": "new"},
        {"lastName": "new"},
        {"company": "new"},
        {"favorite": True},
        {"emails": [{"value": "new@example.com"}]},
    ]
    responses = await asyncio.gather(*(user.patch(path, json=each) for each in changes))
    assert statuses(responses) == {200: 5}
    contact = (await user.get(path)).json()
    assert [contact[name] for name in ("firstName", "lastName", "company")] == ["new"] * 3
    assert contact["favorite"] is True
    assert len(contact["emails"]) == 1
    assert (await user.get(CONTACTS, params={"q": "new new"})).json()["total"] == 1


async def test_contacts_that_exchange_emails_do_not_stop_each_other(
    user: httpx.AsyncClient,
) -> None:
    emails = [[{"value": "a@example.com"}], [{"value": "b@example.com"}]]
    paths = []
    for each in emails:
        created = await user.post(CONTACTS, json={"company": "x", "emails": each})
        paths.append(created.headers["location"])
    wanted = zip(cycle(paths), emails[::-1] * 10, strict=False)
    responses = await asyncio.gather(
        *(user.patch(path, json={"emails": each}) for path, each in wanted)
    )
    assert statuses(responses).keys() <= {200, 409}


@pytest.mark.parametrize("at_once", [5])
async def test_imports_of_one_file_create_its_contacts_once(
    user: httpx.AsyncClient, at_once: int
) -> None:
    rows = "".join(f"Name {number},{number}@example.com\n" for number in range(50))
    text, headers = f"firstName,emails\n{rows}", {"Content-Type": "text/csv"}
    responses = await asyncio.gather(
        *(user.post(f"{CONTACTS}/import", content=text, headers=headers) for _ in range(at_once))
    )
    assert statuses(responses) == {200: at_once}
    assert sum(response.json()["created"] for response in responses) == 50
    assert (await user.get(CONTACTS)).json()["total"] == 50


async def test_an_account_deleted_meanwhile_takes_everything_with_it(
    user: httpx.AsyncClient,
) -> None:
    writes = [user.post(CONTACTS, json={"firstName": "Grace"}) for _ in range(10)]
    responses = await asyncio.gather(*writes, user.delete("/api/v1/users/me"))
    # Whoever comes after that fails to log in, and five failures are too many.
    assert statuses(responses).keys() <= {201, 204, 401, 429}
