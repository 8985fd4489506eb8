"""Every model, imported so that Alembic sees its table."""

from app.database import Base
from app.short_links.models import Link
from app.statistics.models import AccessCount
from app.tokens.models import Token

__all__ = ["AccessCount", "Base", "Link", "Token"]
