"""What the page of the idea `cart` asks for beyond the collection."""

import re
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from tests.applications import Application
from tests.repositories.services import Database, Services
from tests.web import Answer, ask

pytestmark = pytest.mark.idea("cart")

Start = Callable[..., Application]

BUYERS = 50
PASSWORD = "a long sentence is a good password"  # noqa: S105
CARD, DECLINED, LATE = "4242424242424242", "4000000000000002", "4000000000000259"
# Longer than the stand-in of the payment service and the worker's pauses take.
PATIENCE = 60.0


class Client:
    """A client with a session of its own: it keeps the cookie and the CSRF token."""

    def __init__(self, address: str) -> None:
        self.api = f"{address}/api/v1"
        self.headers: dict[str, str] = {}
        self.ask("GET", "/csrf")

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request; what it answers about the session is kept."""
        answer = ask(method, self.api + path, body, {**self.headers, **(headers or {})}, seconds=60)
        cookie = re.match(r"session=([^;]+)", answer.headers.get("Set-Cookie") or "")
        if cookie:
            self.headers["Cookie"] = cookie[0]
        if answer.status == 200 and "csrfToken" in answer.json:
            self.headers["X-CSRF-Token"] = answer.json["csrfToken"]
        return answer

    def log_in(self, email: str, password: str) -> "Client":
        """Log in."""
        assert self.ask("POST", "/login", {"email": email, "password": password}).status == 200
        return self

    def put_in_cart(self, product: dict[str, Any], quantity: int = 1) -> str:
        """Put a product into the cart and return the cart's revision."""
        answer = self.ask("POST", "/cart/items", {"productId": product["id"], "quantity": quantity})
        assert answer.status == 200, answer.body
        return str(answer.json["revision"])

    def check_out(self, revision: str, key: str = "", card: str = CARD) -> Answer:
        """Buy what is in the cart."""
        address = {"name": "Ada", "street": "1 Main", "postalCode": "1", "city": "Berlin"}
        body = {
            "revision": revision,
            "shippingAddress": {**address, "country": "DE"},
            "payment": {"cardNumber": card},
        }
        return self.ask("POST", "/checkout", body, {"Idempotency-Key": key or str(uuid4())})

    def order(self, order_id: str) -> dict[str, Any]:
        """Return an order."""
        found: dict[str, Any] = self.ask("GET", f"/orders/{order_id}").json
        return found


def customer(address: str) -> Client:
    """Return a client with a new account."""
    client = Client(address)
    email = f"{uuid4()}@example.com"
    answer = client.ask("POST", "/users", {"email": email, "name": "Ada", "password": PASSWORD})
    assert answer.status == 201, answer.body
    return client.log_in(email, PASSWORD)


def customers(address: str, number: int) -> list[Client]:
    """Return so many clients with new accounts."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(customer, [address] * number))


def staff(address: str) -> Client:
    """Return the member of staff among the examples."""
    return Client(address).log_in("staff@example.com", "run-the-shop")


def product(address: str, stock: int) -> dict[str, Any]:
    """Put a product into the catalogue."""
    slug = f"product-{uuid4()}"
    fields = {"category": "tea", "price": 1999, "taxRate": 2000, "stock": stock}
    answer = staff(address).ask("POST", "/products", {"slug": slug, "name": slug, **fields})
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def stock_of(address: str, made: dict[str, Any]) -> int:
    """Return how many there are of a product."""
    return int(ask("GET", f"{address}/api/v1/products/{made['slug']}").json["stock"])


def test_fifty_buyers_of_ten_pieces_make_exactly_ten_orders(address: str) -> None:
    made = product(address, stock=10)
    buyers = customers(address, BUYERS)
    revisions = [buyer.put_in_cart(made) for buyer in buyers]
    with ThreadPoolExecutor(BUYERS) as pool:
        answers = list(pool.map(Client.check_out, buyers, revisions))
    assert Counter(answer.status for answer in answers) == {201: 10, 409: 40}
    assert {answer.json["status"] for answer in answers if answer.status == 201} == {"paid"}
    assert stock_of(address, made) == 0
    orders = [buyer.ask("GET", "/orders").json["total"] for buyer in buyers]
    assert sum(orders) == 10


def test_a_request_that_is_sent_fifty_times_is_one_order(address: str) -> None:
    made = product(address, stock=100)
    buyer = customer(address)
    revision, key = buyer.put_in_cart(made, 2), str(uuid4())
    with ThreadPoolExecutor(BUYERS) as pool:
        answers = list(pool.map(lambda _: buyer.check_out(revision, key), range(BUYERS)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert buyer.ask("GET", "/orders").json["total"] == 1
    assert stock_of(address, made) == 98


def test_buying_declining_and_cancelling_at_once_lose_no_piece(address: str) -> None:
    made = product(address, stock=30)
    buyers = customers(address, 30)
    revisions = [buyer.put_in_cart(made) for buyer in buyers]
    cards = [CARD, CARD, DECLINED] * 10

    def buy_and_cancel(buyer: Client, revision: str, card: str, number: int) -> str:
        answer = buyer.check_out(revision, card=card)
        if answer.status == 402:
            return "declined"
        assert answer.status == 201, answer.body
        if number % 2:
            return "kept"
        path = f"/orders/{answer.json['id']}"
        assert buyer.ask("PATCH", path, {"status": "cancelled"}).status == 200
        return "cancelled"

    with ThreadPoolExecutor(30) as pool:
        ends = Counter(pool.map(buy_and_cancel, buyers, revisions, cards, range(30)))
    assert ends["declined"] == 10
    assert stock_of(address, made) == 30 - ends["kept"]


def test_a_late_payment_is_found_and_charged_once(address: str) -> None:
    made = product(address, stock=5)
    buyer = customer(address)
    revision, key = buyer.put_in_cart(made), str(uuid4())
    first = buyer.check_out(revision, key, LATE)
    assert (first.status, first.json["status"]) == (201, "pending")
    eventually(lambda: buyer.check_out(revision, key, LATE).json["status"] == "paid")
    last = buyer.check_out(revision, key, LATE)
    assert last.json["id"] == first.json["id"]
    assert last.json["payment"]["status"] == "succeeded"
    assert stock_of(address, made) == 4


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that takes every mail and keeps it."""

    daemon_threads = True
    allow_reuse_address = True
    # Connections that wait to be accepted.
    request_queue_size = 50

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.mails: list[str] = []
        # While this is not set it has a mail and does not say so yet.
        self.answering = threading.Event()
        self.answering.set()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def about(self, order_ids: list[str]) -> Counter[str]:
        """Return how many mails name each of these orders."""
        return Counter(
            order_id for mail in list(self.mails) for order_id in order_ids if order_id in mail
        )


class MailHandler(socketserver.StreamRequestHandler):
    """One conversation with a client that sends mail."""

    server: Mailbox

    def handle(self) -> None:
        """Answer line by line, as RFC 5321 has it."""
        self.say("220 mailbox")
        while line := self.rfile.readline():
            command = line.strip().upper()
            if command == b"DATA":
                self.say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.append(text.decode())
                self.server.answering.wait(PATIENCE)
                self.say("250 kept")
            elif command == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, line: str) -> None:
        """Send a line."""
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    with Mailbox() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def buy(buyers: list[Client], made: dict[str, Any]) -> list[str]:
    """Let each buyer buy a product, and return the orders' ids."""

    def one(buyer: Client) -> str:
        answer = buyer.check_out(buyer.put_in_cart(made))
        assert (answer.status, answer.json["status"]) == (201, "paid"), answer.body
        return str(answer.json["id"])

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, buyers))


def test_each_order_gets_one_mail(database: Database, start: Start, mailbox: Mailbox) -> None:
    """With the broker, and without one on the embedded database."""
    application = start(database, {"SMTP_URL": mailbox.url})
    made = product(application.address, stock=100)
    orders = buy(customers(application.address, 10), made)
    eventually(lambda: len(mailbox.about(orders)) == len(orders))
    assert set(mailbox.about(orders).values()) == {1}


@contextmanager
def broker_down(services: Services) -> Iterator[None]:
    """Take the broker away for a while; others use the same one."""
    services.rabbitmq.stop()
    try:
        yield
    finally:
        services.rabbitmq.start()


@pytest.mark.databases("postgresql")
def test_orders_work_while_the_broker_is_down_and_their_mails_arrive_later(
    start: Start, services: Services, mailbox: Mailbox
) -> None:
    application = start("postgresql", {"SMTP_URL": mailbox.url})
    made = product(application.address, stock=100)
    buyers = customers(application.address, 10)
    before = buy(buyers, made)
    eventually(lambda: len(mailbox.about(before)) == len(before))
    mailbox.answering.clear()
    under_way = buy(buyers[:1], made)
    eventually(lambda: len(mailbox.about(under_way)) == 1)
    with broker_down(services):
        mailbox.answering.set()
        meanwhile = buy(buyers, made)
        assert mailbox.about(meanwhile) == {}
    after = buy(buyers, made)
    orders = before + under_way + meanwhile + after
    eventually(lambda: len(mailbox.about(orders)) == len(orders))
    # Time for a second mail, if there were one.
    time.sleep(3)
    assert set(mailbox.about(orders).values()) == {1}


def test_a_worker_that_is_killed_loses_nothing(
    database: Database, start: Start, mailbox: Mailbox
) -> None:
    """A mail that was being sent may come twice, and then has the same id twice."""
    application = start(database, {"SMTP_URL": mailbox.url})
    made = product(application.address, stock=100)
    buyers = customers(application.address, 10)
    application.others["worker"].kill()
    orders = buy(buyers, made)
    for _ in range(3):
        application.start()
        time.sleep(0.3)
        application.others["worker"].kill()
        orders += buy(buyers[:3], made)
    application.start()
    # Whatever the dead had taken is given to others after a minute.
    deadline = time.monotonic() + 3 * PATIENCE
    while len(mailbox.about(orders)) < len(orders):
        assert time.monotonic() < deadline, mailbox.about(orders)
        time.sleep(0.5)
    ids = {
        match[0]
        for mail in list(mailbox.mails)
        for match in [re.search(r"^Message-ID: .*$", mail, re.MULTILINE | re.IGNORECASE)]
        if match
    }
    assert len(ids) == len(orders)
