"""What clients send and get to sign in with a provider."""

from typing import Annotated, Literal

from pydantic import MISSING, Field

from app.schemas import RequestBody, ResponseBody, Text
from app.texts import NO_NULL
from app.users.schemas import Handle


class ProviderBody(ResponseBody):
    """A provider."""

    name: str
    title: str


class ProviderList(ResponseBody):
    """Providers."""

    items: list[ProviderBody]


class AuthorizationBody(ResponseBody):
    """Where to send the browser."""

    authorization_url: Annotated[str, Field(json_schema_extra={"format": "uri"})]
    state: Annotated[str, Field(min_length=32, max_length=64)]
    expires_in: Literal[600]


class AuthorizationResponse(RequestBody):
    """What the provider sent the browser back with."""

    code: Annotated[Text, Field(min_length=1, max_length=2048, json_schema_extra=NO_NULL)]
    state: Annotated[Text, Field(min_length=1, max_length=64, json_schema_extra=NO_NULL)]
    handle: Handle | MISSING = MISSING
