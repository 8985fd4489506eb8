"""What the page of the idea `contacts` asks for beyond the collection."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.applications import Application
from tests.repositories.conftest import Start
from tests.web import Answer

pytestmark = pytest.mark.idea("contacts")

ROWS = 10_000
CONTACTS = "/api/v1/contacts"
PASSWORD = "a long way to the moon"  # noqa: S105 - of accounts that the tests make
WRONG = "something else"
MEDIA_TYPES = ["text/csv", "text/vcard"]


@dataclass(frozen=True)
class Account:
    """Somebody who has registered with an application."""

    application: Application
    email: str

    def ask(
        self, method: str, path: str, body: object = None, *, password: str = PASSWORD, **names: str
    ) -> Answer:
        """Send a request with the account's password; `names` are headers, `_` for `-`."""
        credentials = base64.b64encode(f"{self.email}:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}"}
        headers |= {name.replace("_", "-"): value for name, value in names.items()}
        return self.application.ask(method, path, body, headers)

    def send(self, file: bytes, media_type: str, mode: str = "all") -> Answer:
        """Import a file."""
        return self.ask("POST", f"{CONTACTS}/import?mode={mode}", file, Content_Type=media_type)

    def total(self) -> int:
        """Return how many contacts there are."""
        number: int = self.ask("GET", f"{CONTACTS}?pageSize=1").json["total"]
        return number

    def contacts(self) -> list[dict[str, Any]]:
        """Return all contacts in the order of their creation, without ids and times."""
        found: list[dict[str, Any]] = []
        for page in range(1, ROWS // 100 + 2):
            path = f"{CONTACTS}?sort=createdAt&pageSize=100&page={page}"
            items = self.ask("GET", path).json["items"]
            found += [
                {k: v for k, v in item.items() if k not in {"id", "createdAt", "updatedAt"}}
                for item in items
            ]
            if len(items) < 100:
                break
        return found


def register(application: Application) -> Account:
    """Make an account."""
    account = Account(application, f"{uuid4().hex}@example.com")
    body = {"email": account.email, "password": PASSWORD}
    assert application.ask("POST", "/api/v1/users", body).status == 201
    return account


@pytest.fixture
def account(application: Application) -> Account:
    return register(application)


def csv_file(rows: int, *, bad: tuple[int, ...] = ()) -> bytes:
    """Return a file with formulas, quotes, several lines and letters of several scripts."""
    lines = ["firstName,lastName,company,emails,phones,birthday,notes,favorite,groups"]
    for number in range(rows):
        emails = f'"work: a{number}@example.com\nboat: b{number}@example.com"'
        birthday = "tomorrow" if number in bad else f"{1900 + number % 100}-02-28"
        lines.append(
            f'=A{number},"Ö, ""{number}""",,{emails},mobile: +1650253{number % 10_000:04},'
            f'{birthday},"-1\n牛乳; \\n",true,"@a\n\'b"'
        )
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_ten_thousand_contacts_go_out_and_come_back_the_same(
    application: Application, account: Account, media_type: str
) -> None:
    imported = account.send(csv_file(ROWS), "text/csv")
    assert imported.json == {"created": ROWS, "updated": 0, "refused": 0, "errors": []}
    exported = account.ask("GET", f"{CONTACTS}/export", Accept=media_type)
    assert exported.headers.get_content_type() == media_type
    other = register(application)
    again = other.send(exported.body, media_type)
    assert again.json == {"created": ROWS, "updated": 0, "refused": 0, "errors": []}
    before = account.contacts()
    assert len(before) == ROWS
    assert before[7]["firstName"] == "=A7"
    assert before[7]["notes"] == "-1\n牛乳; \\n"
    assert before[7]["groups"] == ["@a", "'b"]
    assert other.contacts() == before


def test_ten_thousand_contacts_can_be_updated_at_once(account: Account) -> None:
    account.send(csv_file(ROWS), "text/csv")
    before = account.contacts()
    exported = account.ask("GET", f"{CONTACTS}/export", Accept="text/csv").body
    counts = account.send(exported, "text/csv").json
    assert (counts["created"], counts["updated"], counts["refused"]) == (0, ROWS, 0)
    assert account.contacts() == before


def test_others_are_served_while_a_large_file_is_imported(
    application: Application, account: Account
) -> None:
    other = register(application)
    other.ask("GET", CONTACTS)
    longest = 0.0
    with ThreadPoolExecutor(1) as pool:
        importing = pool.submit(account.send, csv_file(ROWS), "text/csv")
        while not importing.done():
            started = time.monotonic()
            assert other.ask("GET", CONTACTS).status == 200
            longest = max(longest, time.monotonic() - started)
        assert importing.result().status == 200
    assert longest < 3


def test_one_row_too_many_is_refused(account: Account) -> None:
    answer = account.send(b"firstName\r\n" + b"A\r\n" * (ROWS + 1), "text/csv", "partial")
    assert answer.status == 422
    assert account.total() == 0


def test_a_file_is_stored_as_a_whole_or_not_at_all(account: Account) -> None:
    answer = account.send(csv_file(1000, bad=(500, 900)), "text/csv")
    assert answer.status == 422
    # A contact takes four lines here, and the header one.
    assert [error["line"] for error in answer.json["errors"]] == [2 + 500 * 4, 2 + 900 * 4]
    assert account.total() == 0


def test_the_good_rows_are_kept_if_the_client_wants(account: Account) -> None:
    counts = account.send(csv_file(1000, bad=(500, 900)), "text/csv", "partial").json
    assert (counts["created"], counts["refused"], len(counts["errors"])) == (998, 2, 2)
    assert account.total() == 998


def test_no_cell_of_an_export_begins_like_a_formula(account: Account) -> None:
    for text in ("=1+1", "+1", "-1", "@x", "'=1", "''@x", "\N{FULLWIDTH EQUALS SIGN}1"):
        body = {"company": text, "jobTitle": text, "notes": text, "groups": [text]}
        assert account.ask("POST", CONTACTS, body).status == 201
    exported = account.ask("GET", f"{CONTACTS}/export", Accept="text/csv").body.decode("utf-8-sig")
    for cell in exported.replace("\r\n", ",").split(","):
        assert cell.strip('"')[:1] not in set("=+-@\N{FULLWIDTH EQUALS SIGN}"), cell


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_full_disk_leaves_nothing_half_made(start: Start, media_type: str) -> None:
    application = start("embedded", most_bytes=1_500_000)
    account, other = register(application), register(application)
    assert other.ask("POST", CONTACTS, {"company": "kept"}).status == 201
    file = csv_file(ROWS)
    if media_type == "text/vcard":
        card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{0}\r\nNOTE:" + "x" * 300 + "\r\nEND:VCARD\r\n"
        file = "".join(card.format(number) for number in range(ROWS)).encode()
    answer = account.send(file, media_type)
    assert answer.status == 503
    assert answer.headers.get_content_type() == "application/problem+json"
    assert answer.headers["Retry-After"]
    assert account.total() == 0
    assert other.total() == 1


def test_one_of_many_gets_the_email_and_the_others_are_told_who_has_it(account: Account) -> None:
    account.ask("GET", CONTACTS)
    new = {"firstName": "Grace", "emails": [{"value": "grace@example.com"}]}
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: account.ask("POST", CONTACTS, new), range(40)))
    (made,) = [answer.json for answer in answers if answer.status == 201]
    refused = [answer for answer in answers if answer.status != 201]
    assert {answer.status for answer in refused} == {409}
    assert {answer.json["contact"]["id"] for answer in refused} == {made["id"]}
    assert account.total() == 1


def test_of_many_who_saw_the_same_state_one_changes_it(account: Account) -> None:
    made = account.ask("POST", CONTACTS, {"firstName": "Grace"})
    path = f"{CONTACTS}/{made.json['id']}"

    def change(number: int) -> Answer:
        body = {"lastName": f"{number}"}
        return account.ask("PATCH", path, body, If_Match=made.headers["ETag"])

    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(answer.status for answer in pool.map(change, range(10)))
    assert statuses == [200] + [412] * 9


def test_guesses_at_the_same_time_get_no_further(account: Account) -> None:
    def guess(number: int) -> int:
        return account.ask("GET", CONTACTS, password=f"guess {number}").status

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(guess, range(20)))
    assert statuses == [401] * 5 + [429] * 15
    answer = account.ask("GET", CONTACTS)
    assert answer.status == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_an_unknown_account_takes_as_long_as_a_wrong_password(application: Application) -> None:
    def seconds(account: Account) -> float:
        started = time.monotonic()
        assert account.ask("GET", CONTACTS, password=WRONG).status == 401
        return time.monotonic() - started

    known = [seconds(register(application)) for _ in range(9)]
    unknown = [seconds(Account(application, f"{uuid4().hex}@example.com")) for _ in range(9)]
    ratio = sorted(known)[4] / sorted(unknown)[4]
    assert 0.4 < ratio < 2.5


def test_a_deleted_account_is_locked_out_of_every_process(start: Start) -> None:
    first = start("postgresql")
    second = start("postgresql", beside=first)
    account = register(first)
    elsewhere = Account(second, account.email)
    # Both remember by now that the password is right.
    assert {one.ask("GET", CONTACTS).status for one in (account, elsewhere)} == {200}
    assert account.ask("DELETE", "/api/v1/users/me").status == 204
    assert {one.ask("GET", CONTACTS).status for one in (account, elsewhere)} == {401}


def test_search_finds_the_same_on_every_database(account: Account) -> None:
    for name in ("Muñoz", "MÜLLER", "Straße", "Ångström", "100%_\\", "山田"):
        assert account.ask("POST", CONTACTS, {"lastName": name}).status == 201
    for query, found in (
        ("munoz", ["Muñoz"]),
        ("m%C3%BCll", ["MÜLLER"]),
        ("STRASSE", ["Straße"]),
        ("angstr%C3%B6m", ["Ångström"]),
        ("%25_", ["100%_\\"]),
        ("%E5%B1%B1", ["山田"]),
        ("_", ["100%_\\"]),
    ):
        items = account.ask("GET", f"{CONTACTS}?q={query}").json["items"]
        assert [item["lastName"] for item in items] == found, query
    names = [item["lastName"] for item in account.ask("GET", CONTACTS).json["items"]]
    assert names == ["100%_\\", "Ångström", "MÜLLER", "Muñoz", "Straße", "山田"]


@pytest.mark.databases("postgresql")
def test_a_long_list_takes_the_queries_of_a_short_one(account: Account, statements: Any) -> None:
    account.send(csv_file(200), "text/csv")
    with statements() as two:
        assert len(account.ask("GET", f"{CONTACTS}?pageSize=2").json["items"]) == 2
    with statements() as hundred:
        assert len(account.ask("GET", f"{CONTACTS}?pageSize=100").json["items"]) == 100
    assert len(two) == len(hundred), json.dumps(hundred, indent=1)
