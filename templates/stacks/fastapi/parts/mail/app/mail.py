"""Sends mail: to the log by default, by SMTP when SMTP_URL says where."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Annotated, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog
from pydantic import AfterValidator

from app.configuration import CommonSettings

# A mail server that takes longer is treated as one that does not answer, in seconds.
TIMEOUT = 10
PORTS = {"smtp": 25, "smtps": 465}

log = structlog.stdlib.get_logger(__name__)


def _checked_smtp_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        valid = parts.scheme in PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise ValueError("must be smtp://user:password@host:port or smtps://...")
    return text


class MailSettings(CommonSettings):
    """Where mail goes, and from whom it is."""

    smtp_url: Annotated[str, AfterValidator(_checked_smtp_url)] | None = None
    mail_from: str = "noreply@example.com"


class MailError(Exception):
    """The mail could not be handed over. Try again later."""


@dataclass(frozen=True)
class Mail:
    """A mail to one person.

    Args:
        to: Their address.
        subject: One line.
        text: The text, without markup.
        id: What makes the mail one of a kind, for mail that may be sent twice: mail systems show
            only one of two with the same id.
    """

    to: str
    subject: str
    text: str
    id: str | None = None


class Mailer(Protocol):
    """Whatever can send mail."""

    async def send(self, mail: Mail) -> None:
        """Send a mail.

        Raises:
            MailError: It could not be handed over.
        """


class ConsoleMailer:
    """Writes mail into the log, for development."""

    async def send(self, mail: Mail) -> None:
        log.info("mail", to=mail.to, subject=mail.subject, text=mail.text)


class SmtpMailer:
    """Hands mail to a server.

    Args:
        url: "smtp://user:password@host:587", which encrypts if the server can, or "smtps://...",
            which is encrypted from the beginning.
        sender: From whom mail is.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self.sender = sender
        self.host = parts.hostname
        self.port = parts.port or PORTS[parts.scheme]
        self.user = unquote(parts.username) if parts.username else None
        self.password = unquote(parts.password) if parts.password else None
        self.encrypted = parts.scheme == "smtps"

    async def send(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = formatdate()
        domain = self.sender.rpartition("@")[2]
        message["Message-ID"] = f"<{mail.id}@{domain}>" if mail.id else make_msgid(domain=domain)
        message.set_content(mail.text)
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.encrypted,
                timeout=TIMEOUT,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailError from error


def make_mailer(settings: MailSettings) -> Mailer:
    """Return what the settings say mail is sent with."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return ConsoleMailer()
