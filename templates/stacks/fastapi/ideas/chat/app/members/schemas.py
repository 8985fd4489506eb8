"""What clients send and get about the members of a room."""

from datetime import datetime
from uuid import UUID

from app.rooms.models import Invitation, Membership
from app.rooms.schemas import Role
from app.schemas import RequestBody, ResponseBody
from app.users.schemas import UserBody, Username


class MemberChanges(RequestBody):
    """What to change of a member."""

    role: Role


class NewInvitation(RequestBody):
    """Whom to invite."""

    username: Username


class MemberBody(ResponseBody):
    """A member of a room."""

    user: UserBody
    role: Role
    online: bool
    joined_at: datetime

    @classmethod
    def of(cls, membership: Membership, *, online: bool) -> "MemberBody":
        """Return a stored membership, and whether that user is online."""
        return cls.model_validate(
            {
                "user": UserBody.of(membership.user),
                "role": membership.role,
                "online": online,
                "joinedAt": membership.joined_at,
            }
        )


class InvitationBody(ResponseBody):
    """An invitation to a room."""

    room_id: UUID
    room_name: str
    user: UserBody
    invited_by: UserBody
    created_at: datetime

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationBody":
        """Return a stored invitation."""
        return cls.model_validate(
            {
                "roomId": invitation.room_id,
                "roomName": invitation.room.name,
                "user": UserBody.of(invitation.user),
                "invitedBy": UserBody.of(invitation.invited_by),
                "createdAt": invitation.created_at,
            }
        )
