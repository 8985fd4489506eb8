"""Every model, imported so that Alembic sees its table."""

from app.database import Base
from app.live.models import Ticket
from app.messages.models import Message
from app.rooms.models import Invitation, Membership, Room
from app.users.models import User

__all__ = ["Base", "Invitation", "Membership", "Message", "Room", "Ticket", "User"]
