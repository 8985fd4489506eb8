"""What clients send to log in."""

from typing import Annotated

from pydantic import Field

from app.schemas import RequestBody, Text
from app.texts import NO_NULL
from app.users.schemas import Password


class Credentials(RequestBody):
    """What logs a user in."""

    email: Annotated[Text, Field(max_length=254, json_schema_extra=NO_NULL)]
    password: Password
