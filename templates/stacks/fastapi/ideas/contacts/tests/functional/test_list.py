"""Lists of contacts over HTTP."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from tests.errors import assert_error, invalid_names

CONTACTS = "/api/v1/contacts"


@pytest.fixture
async def book(user: httpx.AsyncClient) -> httpx.AsyncClient:
    """A user with some contacts."""
    for contact in [
        {"firstName": "Inés", "lastName": "Muñoz", "company": "Observatorio", "groups": ["Café"]},
        {"firstName": "Åsa", "lastName": "Öberg", "phones": [{"value": "+34 612 34 56 78"}]},
        {"firstName": "Bob", "lastName": "muller", "emails": [{"value": "Bob_100@example.com"}]},
        {"company": "Zeppelin & Co.", "favorite": True, "groups": ["CAFE", "Work"]},
        {"firstName": "Ann", "phones": [{"value": "call 030/22 456"}], "favorite": True},
        {"firstName": "Anna", "lastName": "100% <b>'x' OR 1=1</b>\\"},
    ]:
        assert (await user.post(CONTACTS, json=contact)).status_code == 201
    return user


async def names(client: httpx.AsyncClient, **query: str | int) -> list[str]:
    """Return what the contacts of a list are called."""
    response = await client.get(CONTACTS, params=query)
    assert response.status_code == 200, response.text
    page = response.json()
    assert page["total"] >= len(page["items"])
    return [each["firstName"] or each["company"] for each in page["items"]]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("lastName", ["Anna", "Ann", "Bob", "Inés", "Åsa", "Zeppelin & Co."]),
        ("-lastName", ["Zeppelin & Co.", "Åsa", "Inés", "Bob", "Ann", "Anna"]),
        ("firstName", ["Ann", "Anna", "Åsa", "Bob", "Inés", "Zeppelin & Co."]),
        ("company", ["Anna", "Ann", "Bob", "Åsa", "Inés", "Zeppelin & Co."]),
        ("createdAt", ["Inés", "Åsa", "Bob", "Zeppelin & Co.", "Ann", "Anna"]),
        ("-createdAt", ["Anna", "Ann", "Zeppelin & Co.", "Bob", "Åsa", "Inés"]),
    ],
)
async def test_contacts_are_sorted(book: httpx.AsyncClient, sort: str, order: list[str]) -> None:
    assert await names(book, sort=sort) == order


async def test_they_are_sorted_by_last_name_unless_the_client_says_otherwise(
    book: httpx.AsyncClient,
) -> None:
    assert await names(book) == await names(book, sort="lastName")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("MUNOZ", ["Inés"]),
        ("müller", ["Bob"]),
        ("bob m", ["Bob"]),
        ("asa  oberg", ["Åsa"]),
        ("observatorio", ["Inés"]),
        ("bob_100@EXAMPLE", ["Bob"]),
        ("612-34 56", ["Åsa"]),
        ("0612 345678", ["Åsa"]),
        ("+34612", ["Åsa"]),
        ("0034 612", ["Åsa"]),
        ("22456", ["Ann"]),
        ("call 030", ["Ann"]),
        ("100%", ["Anna"]),
        ("%", ["Anna"]),
        ("_", ["Bob"]),
        ("\\", ["Anna"]),
        ("' OR '1'='1", []),
        ("'x' or 1=1<", ["Anna"]),
        ("& co", ["Zeppelin & Co."]),
        ("zzz", []),
    ],
)
async def test_search_treats_its_text_as_text(
    book: httpx.AsyncClient, q: str, found: list[str]
) -> None:
    assert await names(book, q=q) == found


@pytest.mark.parametrize("q", ["", "  ", "\N{COMBINING ACUTE ACCENT}"])
async def test_an_empty_search_finds_everybody(book: httpx.AsyncClient, q: str) -> None:
    assert len(await names(book, q=q)) == 6


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"group": "café"}, ["Inés", "Zeppelin & Co."]),
        ({"group": "CAF"}, []),
        ({"group": "_afe"}, []),
        ({"group": ""}, ["Anna", "Ann", "Bob", "Inés", "Åsa", "Zeppelin & Co."]),
        ({"favorite": "true"}, ["Ann", "Zeppelin & Co."]),
        ({"favorite": "false"}, ["Anna", "Bob", "Inés", "Åsa"]),
        ({"favorite": "true", "group": "work", "q": "zep"}, ["Zeppelin & Co."]),
        ({"favorite": "false", "group": "work"}, []),
        ({"colour": "red"}, ["Anna", "Ann", "Bob", "Inés", "Åsa", "Zeppelin & Co."]),
    ],
)
async def test_filters_combine(
    book: httpx.AsyncClient, query: dict[str, str], found: list[str]
) -> None:
    assert await names(book, **query) == found


async def test_pages_show_everybody_once(book: httpx.AsyncClient) -> None:
    for page, found in [(1, ["Anna", "Ann"]), (3, ["Åsa", "Zeppelin & Co."]), (4, [])]:
        answer = (await book.get(CONTACTS, params={"page": page, "pageSize": 2})).json()
        assert [each["firstName"] or each["company"] for each in answer["items"]] == found
        assert (answer["page"], answer["pageSize"], answer["total"]) == (page, 2, 6)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("favorite", "yes"),
        ("favorite", ""),
        ("q", "x" * 201),
        ("q", "\0"),
        ("group", "x" * 51),
        ("group", "\0"),
        ("sort", "birthday"),
        ("sort", ""),
        ("page", "0"),
        ("page", str(2**31)),
        ("pageSize", "0"),
        ("pageSize", "101"),
        ("pageSize", "ten"),
    ],
)
async def test_invalid_filters_and_pages_are_422(
    user: httpx.AsyncClient, name: str, value: str
) -> None:
    response = await user.get(CONTACTS, params={name: value})
    assert_error(response, 422)
    assert invalid_names(response) == [name]


async def test_a_list_takes_two_queries_however_long_it_is(
    book: httpx.AsyncClient, app: FastAPI
) -> None:
    statements: list[str] = []

    def remember(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(app.state.database.engine.sync_engine, "before_cursor_execute", remember)
    assert (await book.get(CONTACTS, params={"pageSize": 2})).status_code == 200
    # The account, and the page with the total.
    assert len(statements) == 2
    statements.clear()
    assert (await book.get(CONTACTS, params={"pageSize": 6})).status_code == 200
    assert len(statements) == 2
