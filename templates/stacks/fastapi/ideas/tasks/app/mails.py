"""The mails that people get."""

from uuid import UUID

from app.mail import Mail
from app.settings import Settings
from app.users.links import token_of

IGNORE = "If this was not you, there is nothing to do: ignore this mail."


def confirmation(settings: Settings, event_id: UUID, to: str) -> Mail:
    """Return the mail that lets somebody confirm their address."""
    link = f"{settings.frontend_url}/confirm?token={token_of(settings, 'confirm', event_id)}"
    text = f"Somebody, probably you, has registered with this address. Confirm it:\n\n{link}"
    return _mail(event_id, to, "Confirm your address", text)


def existing_account(settings: Settings, event_id: UUID, to: str) -> Mail:
    """Return the mail to somebody who has registered again."""
    link = f"{settings.frontend_url}/forgot-password"
    text = f"You have an account with this address already. If you forgot the password:\n\n{link}"
    return _mail(event_id, to, "You have an account already", text)


def password_reset(settings: Settings, event_id: UUID, to: str) -> Mail:
    """Return the mail that lets somebody set a new password."""
    link = f"{settings.frontend_url}/reset-password?token={token_of(settings, 'reset', event_id)}"
    text = f"Set a new password within an hour:\n\n{link}"
    return _mail(event_id, to, "A new password", text)


def invitation(
    settings: Settings, event_id: UUID, to: str, organisation: str, inviter: str
) -> Mail:
    """Return the mail that invites somebody. A name may hold anything, so it is on one line."""
    link = f"{settings.frontend_url}/invitations"
    where, who = " ".join(organisation.split()), " ".join(inviter.split())
    text = f"{who} invites you to {where}. Log in or register with this address:\n\n{link}"
    return _mail(event_id, to, "You are invited", text)


def _mail(event_id: UUID, to: str, subject: str, text: str) -> Mail:
    # The event's id makes a mail that is sent twice recognisable as one.
    return Mail(to=to, subject=subject, text=f"{text}\n\n{IGNORE}\n", id=str(event_id))
