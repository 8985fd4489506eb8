"""What the worker does about orders and their payments."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import handlers
from app.clock import now
from app.handlers import GIVE_UP, make_handlers
from app.mail import Mail, MailError
from app.orders.checkout import PATIENCE
from app.outbox import OutboxEvent, handle, take
from app.payments.fake import LATE, SILENT
from app.payments.models import FakeCharge
from app.settings import Settings
from tests.shop import (
    API,
    Json,
    MakeCoupon,
    MakeProduct,
    cart_of,
    check_out,
    order_of,
    put_in_cart,
    stock_of,
)

ORDERS = f"{API}/orders"
# Handles what is due, after so long; returns what that was, in alphabetical order.
Work = Callable[..., Awaitable[list[str]]]


class Mailbox:
    """Takes the place of the mail server."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.broken = False

    async def send(self, mail: Mail) -> None:
        if self.broken:
            raise MailError
        self.mails.append(mail)


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    mailbox = Mailbox()
    monkeypatch.setattr(handlers, "make_mailer", lambda _settings: mailbox)
    return mailbox


@pytest.fixture
def work(app: FastAPI, settings: Settings, mailbox: Mailbox) -> Work:  # noqa: ARG001
    async def work_off(later: timedelta = timedelta(0)) -> list[str]:
        done = []
        with time_machine.travel(now() + later):
            for event in await take(app.state.database, 100):
                await handle(app.state.database, make_handlers(settings), event)
                done.append(event.name)
        return sorted(done)

    return work_off


async def charge_of(session: AsyncSession, order: Json) -> str | None:
    """Return what the payment service knows of an order's payment."""
    statement = select(FakeCharge.status).where(FakeCharge.key == UUID(order["id"]))
    status = await session.scalar(statement)
    await session.commit()
    return status


class TestMails:
    async def test_an_order_is_confirmed_by_mail_once(
        self,
        app: FastAPI,
        settings: Settings,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        mailbox: Mailbox,
    ) -> None:
        order = await order_of(customer, await make_product(name="Pot", price=2900), 2)
        (event,) = await take(app.state.database, 10)
        for _ in range(2):
            await handle(app.state.database, make_handlers(settings), event)
        (mail,) = mailbox.mails
        assert mail.to == (await customer.get(f"{API}/me")).json()["email"]
        assert (mail.subject, mail.id) == ("Thank you for your order", str(event.id))
        assert "58.00 EUR  2 x Pot" in mail.text
        assert "69.60 EUR  Total" in mail.text
        assert order["id"] in mail.text

    async def test_each_step_is_told(
        self,
        customer: httpx.AsyncClient,
        staff: httpx.AsyncClient,
        make_product: MakeProduct,
        mailbox: Mailbox,
        work: Work,
    ) -> None:
        url = f"{ORDERS}/{(await order_of(customer, await make_product()))['id']}"
        for status in ("shipped", "delivered"):
            await staff.patch(url, json={"status": status})
        assert await work() == ["order.delivered", "order.paid", "order.shipped"]
        assert {mail.subject for mail in mailbox.mails} == {
            "Thank you for your order",
            "Your order is on its way",
            "Your order was delivered",
        }

    async def test_the_discount_is_in_the_mail(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        make_coupon: MakeCoupon,
        mailbox: Mailbox,
        work: Work,
    ) -> None:
        await make_coupon(code="TEN")
        await put_in_cart(customer, await make_product(price=1000))
        await customer.put(f"{API}/cart/coupon", json={"code": "TEN"})
        await check_out(customer)
        await work()
        assert "-1.00 EUR  Discount (TEN)" in mailbox.mails[0].text

    async def test_a_mail_that_fails_changes_nothing(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        mailbox: Mailbox,
        work: Work,
    ) -> None:
        order = await order_of(customer, await make_product())
        await customer.patch(f"{ORDERS}/{order['id']}", json={"status": "cancelled"})
        mailbox.broken = True
        with pytest.raises(MailError):
            await work()
        mailbox.broken = False
        # The lease of the attempt before has to end.
        await work(timedelta(minutes=2))
        assert len(mailbox.mails) == 2
        after = (await customer.get(f"{ORDERS}/{order['id']}")).json()
        assert after["payment"]["status"] == "refunded"


class TestRefunds:
    async def test_a_cancelled_order_gets_its_money_back(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        mailbox: Mailbox,
        work: Work,
    ) -> None:
        order = await order_of(customer, await make_product())
        url = f"{ORDERS}/{order['id']}"
        await customer.patch(url, json={"status": "cancelled"})
        await work()
        assert await charge_of(session, order) == "refunded"
        assert (await customer.get(url)).json()["payment"]["status"] == "refunded"
        assert any("It was cancelled on request." in mail.text for mail in mailbox.mails)

    async def test_what_was_cancelled_before_it_was_paid_is_never_charged(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        work: Work,
    ) -> None:
        seen = (await put_in_cart(customer, await make_product()))["revision"]
        order = (await check_out(customer, card=SILENT, key="k", revision=seen)).json()
        url = f"{ORDERS}/{order['id']}"
        await customer.patch(url, json={"status": "cancelled"})
        await work()
        assert (await customer.get(url)).json()["payment"]["status"] == "void"
        assert await charge_of(session, order) == "closed"

    async def test_a_late_success_of_a_cancelled_order_is_given_back(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        work: Work,
    ) -> None:
        await put_in_cart(customer, await make_product())
        order = (await check_out(customer, card=LATE)).json()
        url = f"{ORDERS}/{order['id']}"
        await customer.patch(url, json={"status": "cancelled"})
        await work()
        assert await charge_of(session, order) == "refunded"
        assert (await customer.get(url)).json()["payment"]["status"] == "refunded"

    async def test_a_declined_card_is_not_given_anything_back(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        mailbox: Mailbox,
        work: Work,
    ) -> None:
        await put_in_cart(customer, await make_product())
        await check_out(customer, card="4000000000000002")
        assert await work() == ["order.cancelled"]
        (order,) = (await customer.get(ORDERS)).json()["items"]
        assert order["payment"]["status"] == "declined"
        assert await charge_of(session, order) == "declined"
        assert "The card was declined." in mailbox.mails[0].text


class TestOverdue:
    async def test_a_late_success_is_found_without_the_customer(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        work: Work,
    ) -> None:
        product = await make_product(stock=5)
        await put_in_cart(customer, product)
        order = (await check_out(customer, card=LATE)).json()
        assert await work() == []
        assert await work(PATIENCE) == ["payment.overdue"]
        assert (await customer.get(f"{ORDERS}/{order['id']}")).json()["status"] == "paid"
        assert await stock_of(session, product.id) == 4

    async def test_a_late_decline_gives_stock_and_cart_back(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        work: Work,
    ) -> None:
        product, other = await make_product(stock=5), await make_product()
        await put_in_cart(customer, product, 2)
        order = (await check_out(customer, card=SILENT)).json()
        # What the customer puts in meanwhile stays.
        await put_in_cart(customer, other)
        await put_in_cart(customer, product)
        session.add(
            FakeCharge(
                key=UUID(order["id"]), amount=1, currency="EUR", status="declined", known_at=now()
            )
        )
        await session.commit()
        await work(PATIENCE)
        after = (await customer.get(f"{ORDERS}/{order['id']}")).json()
        assert (after["status"], after["payment"]["status"]) == ("cancelled", "declined")
        items = (await cart_of(customer))["items"]
        found = {item["productId"]: item["quantity"] for item in items}
        assert found == {str(other.id): 1, str(product.id): 3}
        assert await stock_of(session, product.id) == 5

    async def test_a_silent_service_is_asked_until_it_is_too_late(
        self,
        customer: httpx.AsyncClient,
        make_product: MakeProduct,
        session: AsyncSession,
        work: Work,
    ) -> None:
        product = await make_product(stock=5)
        before = await put_in_cart(customer, product, 2)
        order = (await check_out(customer, card=SILENT)).json()
        url = f"{ORDERS}/{order['id']}"
        assert await work(PATIENCE) == ["payment.overdue"]
        assert (await customer.get(url)).json()["status"] == "pending"
        assert await work(GIVE_UP) == ["payment.overdue"]
        assert (await customer.get(url)).json()["status"] == "cancelled"
        assert (await cart_of(customer))["items"] == before["items"]
        assert await stock_of(session, product.id) == 5
        await work(GIVE_UP)
        assert await charge_of(session, order) == "closed"

    async def test_a_paid_order_needs_no_second_look(
        self, customer: httpx.AsyncClient, make_product: MakeProduct, work: Work
    ) -> None:
        await order_of(customer, await make_product())
        assert await work(PATIENCE) == ["order.paid", "payment.overdue"]
        assert await work(PATIENCE * 4) == []


async def test_a_refused_checkout_tells_nobody(
    customer: httpx.AsyncClient, make_product: MakeProduct, session: AsyncSession
) -> None:
    await put_in_cart(customer, await make_product())
    await check_out(customer, revision="0" * 16)
    assert (await session.scalars(select(OutboxEvent))).all() == []


def test_every_event_of_an_order_has_a_handler(settings: Settings) -> None:
    names = {"order.paid", "order.shipped", "order.delivered", "order.cancelled"}
    assert make_handlers(settings).keys() == names | {"payment.overdue"}
