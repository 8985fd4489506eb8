"""What clients send and get to sign in."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas import RequestBody, ResponseBody, Text
from app.texts import NO_NULL
from app.users.schemas import Scopes


class Credentials(RequestBody):
    """Who wants a token, and what for."""

    username: Annotated[Text, Field(max_length=100, json_schema_extra=NO_NULL)]
    password: Annotated[Text, Field(max_length=1000, json_schema_extra=NO_NULL)]
    scopes: Scopes | None = None


class TokenBody(ResponseBody):
    """A token, and what it is good for."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1)]
    scopes: Scopes
