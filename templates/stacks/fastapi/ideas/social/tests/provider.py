"""A small OpenID Connect provider that keeps to the rules, and can be told to break them."""

import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from app.clock import now
from app.oidc.client import challenge_of

ISSUER = "https://provider.example"
CLIENT_ID, CLIENT_SECRET = "social", "the provider knows this too"
REDIRECT_URI = "https://app.example/signed-in"
SETTINGS = {
    "name": "example",
    "title": "Example",
    "issuer": ISSUER,
    "clientId": CLIENT_ID,
    "clientSecret": CLIENT_SECRET,
    "redirectUri": REDIRECT_URI,
}


class Provider:
    """What answers the application's requests in the place of a provider on the network."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.key_id = "first"
        self.up = True
        # What ID tokens say in the place of the truth, and how they are signed.
        self.lies: dict[str, Any] = {}
        self.signing: dict[str, Any] = {}
        # What requests for discovery and tokens are answered in the place of the truth.
        self.answers: dict[str, httpx.Response] = {}
        self._codes: dict[str, tuple[Mapping[str, str], Mapping[str, Any]]] = {}

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def sign_in(self, authorization_url: str, **person: Any) -> str:
        """Do what a person does in the provider's pages, and return the code."""
        parameters = dict(parse_qsl(urlsplit(authorization_url).query))
        assert authorization_url.startswith(f"{ISSUER}/authorize?")
        assert parameters["response_type"] == "code"
        assert parameters["client_id"] == CLIENT_ID
        assert parameters["redirect_uri"] == REDIRECT_URI
        assert parameters["code_challenge_method"] == "S256"
        assert "openid" in parameters["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = parameters, person
        return code

    def change_keys(self) -> None:
        """Use another key from now on."""
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.key_id = "second"

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("nobody answers")
        path = request.url.path
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return httpx.Response(
                200,
                json={
                    "issuer": ISSUER,
                    "authorization_endpoint": f"{ISSUER}/authorize",
                    "token_endpoint": f"{ISSUER}/token",
                    "jwks_uri": f"{ISSUER}/keys",
                },
            )
        if path == "/keys":
            key = json.loads(ECAlgorithm.to_jwk(self.key.public_key()))
            return httpx.Response(200, json={"keys": [{**key, "kid": self.key_id}]})
        return self._token(request)

    def _token(self, request: httpx.Request) -> httpx.Response:
        given = dict(parse_qsl(request.content.decode()))
        asked, person = self._codes.pop(given["code"], ({}, {}))
        expected = httpx.BasicAuth(CLIENT_ID, CLIENT_SECRET)
        (authorized,) = expected.sync_auth_flow(httpx.Request("POST", ISSUER))
        right = (
            asked.get("code_challenge") == challenge_of(given["code_verifier"])
            and given["redirect_uri"] == asked["redirect_uri"]
            and request.headers["authorization"] == authorized.headers["authorization"]
        )
        if not right:
            return httpx.Response(400, json={"error": "invalid_grant"})
        issued_at = int(now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT_ID,
            "iat": issued_at,
            "exp": issued_at + 300,
            "nonce": asked["nonce"],
            **person,
            **self.lies,
        }
        present = {name: value for name, value in claims.items() if value is not None}
        signing = {
            "key": self.key,
            "algorithm": "ES256",
            "headers": {"kid": self.key_id},
            **self.signing,
        }
        return httpx.Response(200, json={"id_token": jwt.encode(present, **signing)})
