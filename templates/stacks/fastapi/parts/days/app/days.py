"""Days in requests."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _checked(value: object) -> object:
    """Take what the document calls a date: Pydantic would also take times and numbers."""
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date", "Must be a date such as 2026-11-22.")


Day = Annotated[date, BeforeValidator(_checked)]
