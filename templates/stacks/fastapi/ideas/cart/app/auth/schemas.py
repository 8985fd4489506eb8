"""What clients send and get."""

from typing import Annotated

from pydantic import Field

from app.fields import ANY_TEXT, GivenEmail
from app.schemas import RequestBody, ResponseBody, Text
from app.users.schemas import MAX_PASSWORD, UserBody

Token = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Credentials(RequestBody):
    """An account and its password."""

    email: GivenEmail
    password: Annotated[Text, Field(max_length=MAX_PASSWORD, json_schema_extra=ANY_TEXT)]


class CsrfToken(ResponseBody):
    """What proves that a request comes from a page which can read our answers."""

    csrf_token: Token


class LoggedIn(ResponseBody):
    """The account that is logged in now, and the CSRF token of its new session."""

    csrf_token: Token
    user: UserBody
