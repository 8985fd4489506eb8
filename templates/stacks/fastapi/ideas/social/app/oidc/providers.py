"""Which OpenID Connect providers open accounts here: the variable OIDC_PROVIDERS."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic.alias_generators import to_camel

from app.configuration import CommonSettings

NAME = "^[a-z0-9-]{1,40}$"
Address = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=200)]


class Provider(BaseModel):
    """A provider and what it knows this application as.

    Args:
        name: Its name in addresses of this API.
        title: Its name for people.
        issuer: Its address; where its endpoints are is found from there.
        client_id: What it calls this application.
        client_secret: Proves that it is this application.
        redirect_uri: Where it sends browsers back to: a page of the client, not of this API.
    """

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=NAME)]
    title: Annotated[str, Field(min_length=1, max_length=40)]
    issuer: Address
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr
    redirect_uri: Address


class OidcSettings(CommonSettings):
    """The providers, as a JSON list; none at first."""

    oidc_providers: tuple[Provider, ...] = ()

    @field_validator("oidc_providers")
    @classmethod
    def _refuse_same_names(cls, providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
        if len({provider.name for provider in providers}) < len(providers):
            raise ValueError("two providers have one name")
        return providers
