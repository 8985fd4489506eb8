"""Mail, handed to a mail server in this process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from fastapi import FastAPI

from app import mail as module
from app.mail import ConsoleMailer, Mail, MailError, SmtpMailer, make_mailer
from app.settings import Settings, load_settings
from tests.logs import Log

MAIL = Mail("ada@example.com", "Grüße", "Hello Ada,\n\nuntil tomorrow.\n")
SENDER = "shop@example.com"


class Inbox:
    """Keeps what a mail server is given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: object
) -> AuthResult:
    # Otherwise the server takes it that a refusal was answered here, and the client waits.
    return AuthResult(success=login == LoginPassword(b"app", b"p@ss/word"), handled=False)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def address(inbox: Inbox) -> AsyncIterator[str]:
    """Host and port of a mail server."""
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            inbox,
            hostname="localhost",
            enable_SMTPUTF8=True,
            authenticator=authenticate,
            auth_require_tls=False,
        ),
        "127.0.0.1",
        0,
    )
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_mail_arrives(address: str, inbox: Inbox) -> None:
    await SmtpMailer(f"smtp://{address}", SENDER).send(MAIL)
    (mail,) = inbox.mails
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, MAIL.to, MAIL.subject)
    assert mail["Date"]
    assert mail["Message-ID"].endswith("@example.com>")
    assert mail.get_content().replace("\r\n", "\n") == MAIL.text


async def test_a_mail_sent_twice_is_the_same_mail(address: str, inbox: Inbox) -> None:
    for _ in range(2):
        await SmtpMailer(f"smtp://{address}", SENDER).send(replace(MAIL, id="order-66"))
    assert [mail["Message-ID"] for mail in inbox.mails] == ["<order-66@example.com>"] * 2


async def test_the_server_may_ask_for_a_password(address: str, inbox: Inbox) -> None:
    await SmtpMailer(f"smtp://app:p%40ss%2Fword@{address}", SENDER).send(MAIL)
    assert len(inbox.mails) == 1
    with pytest.raises(MailError):
        await SmtpMailer(f"smtp://app:wrong@{address}", SENDER).send(MAIL)


async def test_a_server_that_is_down_is_an_error_to_try_again() -> None:
    with pytest.raises(MailError):
        await SmtpMailer("smtp://127.0.0.1:1", SENDER).send(MAIL)


async def test_a_server_that_is_silent_is_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MailError):
            await SmtpMailer(url, SENDER).send(MAIL)


@pytest.mark.parametrize(
    "mail",
    [
        Mail("ada@example.com\r\nBcc: eve@example.com", "x", "x"),
        Mail("ada@example.com", "x\nBcc: eve@example.com", "x"),
    ],
)
async def test_nobody_can_add_headers(address: str, inbox: Inbox, mail: Mail) -> None:
    with pytest.raises(ValueError, match="line"):
        await SmtpMailer(f"smtp://{address}", SENDER).send(mail)
    assert inbox.mails == []


async def test_by_default_mail_goes_into_the_log(app: FastAPI, log: Log) -> None:
    await make_mailer(app.state.settings).send(MAIL)
    (entry,) = log.entries()
    assert (entry["to"], entry["subject"], entry["text"]) == (MAIL.to, MAIL.subject, MAIL.text)


def test_the_settings_choose_the_way(settings: Settings) -> None:
    assert isinstance(make_mailer(settings), ConsoleMailer)
    settings = settings.model_copy(update={"smtp_url": "smtps://mail.example"})
    mailer = make_mailer(settings)
    assert isinstance(mailer, SmtpMailer)
    assert (mailer.host, mailer.port, mailer.encrypted) == ("mail.example", 465, True)


@pytest.mark.parametrize("url", ["mail.example:25", "http://mail.example", "smtp://", "smtp://a:b"])
def test_a_url_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    with pytest.raises(SystemExit, match="SMTP_URL: must be smtp://"):
        load_settings()
