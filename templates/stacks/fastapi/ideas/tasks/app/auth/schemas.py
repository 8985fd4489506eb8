"""What clients send to log in."""

from typing import Annotated

from pydantic import Field

from app.fields import ANY_TEXT, MAX_EMAIL, GivenPassword
from app.schemas import RequestBody, Text


class Credentials(RequestBody):
    """What logs a user in."""

    email: Annotated[Text, Field(max_length=MAX_EMAIL), ANY_TEXT]
    password: GivenPassword
