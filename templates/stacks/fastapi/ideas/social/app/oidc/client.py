"""Talks to OpenID Connect providers, and checks what they say.

The checks are those of OpenID Connect Core 1.0, section 3.1.3.7, with PKCE (RFC 7636) on top.
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import jwt
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, ValidationError

from app.errors import ServiceError
from app.oidc.providers import Provider
from app.tokens import UnauthorizedError

# Signatures by the provider's private key. Never "none", and never HS256: with that one, whoever
# knows the client's secret could sign.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
SCOPE = "openid email profile"
TIMEOUT = 5
# How long a provider's addresses and keys are believed, in seconds.
FRESH = 3600
# Clocks differ, in seconds.
LEEWAY = 30
# The authorities whose certificates count. Reading them takes longer than a request.
AUTHORITIES = httpx.create_ssl_context()


class ProviderUnavailableError(ServiceError):
    """The provider does not answer, or not as a provider."""

    status = 503
    detail = "The provider does not answer. Try again later."
    headers: Mapping[str, str] = {"Retry-After": "5"}


class SignInFailedError(UnauthorizedError):
    """What came back from the provider does not prove anything."""

    detail = "The sign-in has failed. Begin again."


class _Metadata(BaseModel):
    """What of the provider's own description is needed here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Person(BaseModel):
    """Whom the provider has recognised."""

    sub: str
    email: str | None = None
    email_verified: bool = False
    name: str | None = None
    preferred_username: str | None = None


@dataclass(frozen=True)
class _Known:
    """A provider's addresses and keys, and since when they are known."""

    metadata: _Metadata
    keys: jwt.PyJWKSet
    since: float


class OidcClient:
    """Asks providers; remembers where they are and which keys they have.

    Args:
        http: What sends requests.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._known: dict[str, _Known] = {}

    async def authorization_url(
        self, provider: Provider, *, state: str, nonce: str, code_verifier: str
    ) -> str:
        """Return where the browser has to go.

        Raises:
            ProviderUnavailableError: Nobody knows where that is.
        """
        known = await self._ask_about(provider)
        parameters = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": provider.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(code_verifier),
            "code_challenge_method": "S256",
        }
        endpoint = known.metadata.authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"

    async def exchange(
        self, provider: Provider, *, code: str, nonce: str, code_verifier: str
    ) -> Person:
        """Return whom a code is for.

        Raises:
            SignInFailedError: The provider refuses the code, or its answer proves nothing.
            ProviderUnavailableError: The provider does not answer.
        """
        known = await self._ask_about(provider)
        answer = await self._send(
            "POST",
            known.metadata.token_endpoint,
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": provider.redirect_uri,
                "code_verifier": code_verifier,
            },
            auth=httpx.BasicAuth(provider.client_id, provider.client_secret.get_secret_value()),
        )
        if answer.status_code >= 400:
            raise SignInFailedError
        token = _json(answer).get("id_token")
        if not isinstance(token, str):
            raise SignInFailedError
        return await self._checked(provider, token, nonce)

    async def _checked(self, provider: Provider, token: str, nonce: str) -> Person:
        try:
            claims = jwt.decode(
                token,
                await self._key_of(provider, token),
                ALGORITHMS,
                audience=provider.client_id,
                issuer=provider.issuer,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
            person = Person.model_validate(claims)
        except (jwt.InvalidTokenError, ValidationError, ValueError) as error:
            raise SignInFailedError from error
        # The nonce ties the answer to this sign-in: one that was copied elsewhere has another.
        if claims["nonce"] != nonce:
            raise SignInFailedError
        # A token for several audiences says whom it was given to.
        if claims.get("azp", provider.client_id) != provider.client_id:
            raise SignInFailedError
        return person

    async def _key_of(self, provider: Provider, token: str) -> jwt.PyJWK:
        """Return the key that a token says it is signed with."""
        key_id = jwt.get_unverified_header(token).get("kid")
        known = await self._ask_about(provider)
        for attempt in (known, None):
            # Providers change their keys: ask once more before giving up.
            keys = (attempt or await self._ask_about(provider, again=True)).keys
            for key in keys.keys:
                if key.key_id == key_id or key_id is None:
                    return key
        raise SignInFailedError

    async def _ask_about(self, provider: Provider, *, again: bool = False) -> _Known:
        known = self._known.get(provider.issuer)
        if known and not again and time.monotonic() - known.since < FRESH:
            return known
        well_known = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            metadata = _Metadata.model_validate(_json(await self._send("GET", well_known)))
            keys = jwt.PyJWKSet.from_dict(_json(await self._send("GET", metadata.jwks_uri)))
        except (ValidationError, jwt.PyJWKSetError, jwt.PyJWKError) as error:
            raise ProviderUnavailableError from error
        if metadata.issuer != provider.issuer:
            raise ProviderUnavailableError
        known = self._known[provider.issuer] = _Known(metadata, keys, time.monotonic())
        return known

    async def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, url, **options)
        except httpx.HTTPError as error:
            raise ProviderUnavailableError from error
        if answer.status_code >= 500:
            raise ProviderUnavailableError
        return answer


def challenge_of(code_verifier: str) -> str:
    """Return what the provider is shown of a code verifier (RFC 7636, section 4.2)."""
    return urlsafe_b64encode(sha256(code_verifier.encode()).digest()).decode().rstrip("=")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as error:
        raise ProviderUnavailableError from error
    if not isinstance(body, dict):
        raise ProviderUnavailableError
    return body


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open connections to providers when they are needed, and close them at the end."""
    async with httpx.AsyncClient(timeout=TIMEOUT, verify=AUTHORITIES) as http:
        app.state.oidc = OidcClient(http)
        yield


async def get_client(request: Request) -> OidcClient:
    """Return the application's client."""
    client: OidcClient = request.app.state.oidc
    return client


Oidc = Annotated[OidcClient, Depends(get_client)]
