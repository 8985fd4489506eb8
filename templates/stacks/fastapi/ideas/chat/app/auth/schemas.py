"""What clients send and get to log in."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas import RequestBody, ResponseBody, Text
from app.users.schemas import ANY_TEXT


class Credentials(RequestBody):
    """What logs a user in."""

    username: Annotated[Text, Field(max_length=30), ANY_TEXT]
    password: Annotated[Text, Field(max_length=128), ANY_TEXT]


class TokenBody(ResponseBody):
    """An access token."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1)]
