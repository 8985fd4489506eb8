"""Every model, imported so that Alembic sees its table."""

from app.contacts.models import Contact, ContactEmail
from app.database import Base
from app.users.models import User

__all__ = ["Base", "Contact", "ContactEmail", "User"]
