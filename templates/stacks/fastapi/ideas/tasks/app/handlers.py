"""What the worker does with each event (app/worker.py).

An event may come twice, so everything here may happen twice without harm: what is stored is stored
together with the mark that the event was handled, and a mail has the event's id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import mails
from app.mail import Mail, Mailer, make_mailer
from app.notifications.service import (
    remind_of_task,
    tell_assigned,
    tell_of_comment,
    tell_of_status,
)
from app.organisations.models import Invitation, Organisation
from app.outbox import Event, Handlers
from app.settings import Settings
from app.users import links
from app.users.models import Purpose, User
from app.users.service import find_user

Write = Callable[[Settings, UUID, str], Mail]


@dataclass(frozen=True)
class Post:
    """Sends the mails of events.

    Args:
        settings: What the mails have to know.
        mailer: How they are sent.
    """

    settings: Settings
    mailer: Mailer

    async def confirm(self, session: AsyncSession, event: Event) -> None:
        """Let somebody confirm their address."""
        await self._send_link(session, event, "confirm", mails.confirmation)

    async def reset(self, session: AsyncSession, event: Event) -> None:
        """Let somebody set a new password, if there is such an account."""
        await self._send_link(session, event, "reset", mails.password_reset)

    async def _send_link(
        self, session: AsyncSession, event: Event, purpose: Purpose, write: Write
    ) -> None:
        user = await find_user(session, event.payload["email"])
        if user is None:
            return
        # First the mail, which is slow, then what locks the database. The token is made from the
        # event's id: when this is cut off in between, the next attempt sends the same again.
        await self.mailer.send(write(self.settings, event.id, user.email))
        await links.store(session, purpose, event.id, user.id)

    async def tell_of_account(self, _session: AsyncSession, event: Event) -> None:
        """Tell somebody who registers again that there is an account."""
        mail = mails.existing_account(self.settings, event.id, event.payload["email"])
        await self.mailer.send(mail)

    async def invite(self, session: AsyncSession, event: Event) -> None:
        """Send an invitation that is still open."""
        statement = (
            select(Invitation.email, Organisation.name, User.display_name)
            .join(Organisation, Organisation.id == Invitation.organisation_id)
            .join(User, User.id == Invitation.invited_by)
            .where(Invitation.id == UUID(event.payload["invitationId"]))
        )
        row = (await session.execute(statement)).one_or_none()
        if row is not None:
            await self.mailer.send(mails.invitation(self.settings, event.id, *row))


def make_handlers(settings: Settings, mailer: Mailer | None = None) -> Handlers:
    """Return what to do, by the name of the event."""
    post = Post(settings, mailer or make_mailer(settings))
    return {
        "account.registered": post.confirm,
        "account.exists": post.tell_of_account,
        "password.forgotten": post.reset,
        "invitation.created": post.invite,
        "task.assigned": tell_assigned,
        "task.status_changed": tell_of_status,
        "task.due": remind_of_task,
        "comment.created": tell_of_comment,
    }
