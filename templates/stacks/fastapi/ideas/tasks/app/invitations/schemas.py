"""What clients send and get."""

from datetime import datetime
from uuid import UUID

from app.fields import Email
from app.permissions import Role
from app.schemas import RequestBody, ResponseBody
from app.users.schemas import UserBody


class NewInvitation(RequestBody):
    """Whom to invite as what."""

    email: Email
    role: Role


class InvitingOrganisation(ResponseBody):
    """Where an invitation leads."""

    id: UUID
    name: str


class InvitationBody(ResponseBody):
    """An invitation."""

    id: UUID
    organisation: InvitingOrganisation
    email: str
    role: Role
    invited_by: UserBody
    created_at: datetime
    expires_at: datetime
