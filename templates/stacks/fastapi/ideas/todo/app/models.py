"""Every model, imported so that Alembic sees its table."""

from app.database import Base
from app.todos.models import Todo

__all__ = ["Base", "Todo"]
