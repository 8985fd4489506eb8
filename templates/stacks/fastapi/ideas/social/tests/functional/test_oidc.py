"""Signing in with an OpenID Connect provider."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import time_machine
from fastapi import FastAPI

from app.clock import now
from app.oidc.client import OidcClient
from app.settings import Settings
from tests.errors import assert_error
from tests.people import API, PASSWORD, Join
from tests.provider import CLIENT_SECRET, SETTINGS, Provider

OIDC = f"{API}/oidc"
GRACE = {"sub": "g-1", "email": "grace@example.com", "email_verified": True, "name": "Grace Hopper"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    values = settings.model_dump(exclude_unset=True)
    return Settings(**{**values, "oidc_providers": (SETTINGS,)})


@pytest.fixture
async def provider(app: FastAPI) -> AsyncIterator[Provider]:
    """A provider that the application reaches."""
    provider = Provider()
    async with httpx.AsyncClient(transport=provider.transport()) as http:
        app.state.oidc = OidcClient(http)
        yield provider


async def begin(client: httpx.AsyncClient) -> dict[str, Any]:
    response = await client.post(f"{OIDC}/example/authorizations")
    assert response.status_code == 201, response.text
    begun: dict[str, Any] = response.json()
    return begun


async def finish(
    client: httpx.AsyncClient, provider: Provider, person: dict[str, Any], **fields: str
) -> httpx.Response:
    """Sign in as somebody whom the provider knows."""
    begun = await begin(client)
    code = provider.sign_in(begun["authorizationUrl"], **person)
    body = {"code": code, "state": begun["state"], **fields}
    return await client.post(f"{OIDC}/example/sessions", json=body)


async def who(client: httpx.AsyncClient, session: dict[str, Any]) -> dict[str, Any]:
    """Return the account that a session is of."""
    headers = {"Authorization": f"Bearer {session['accessToken']}"}
    me: dict[str, Any] = (await client.get(f"{API}/users/me", headers=headers)).json()
    return me


class TestProviders:
    async def test_they_are_listed_without_their_secrets(self, client: httpx.AsyncClient) -> None:
        response = await client.get(f"{OIDC}/providers")
        assert response.json() == {"items": [{"name": "example", "title": "Example"}]}

    async def test_an_unknown_one_is_404(self, client: httpx.AsyncClient) -> None:
        assert_error(await client.post(f"{OIDC}/nobody/authorizations"), 404)
        assert_error(await client.post(f"{OIDC}/NOBODY/authorizations"), 404)

    async def test_one_that_is_down_is_503(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        provider.up = False
        assert_error(await client.post(f"{OIDC}/example/authorizations"), 503)

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(500),
            httpx.Response(200, text="no JSON"),
            httpx.Response(200, json=["no", "object"]),
            httpx.Response(200, json={"issuer": "https://provider.example"}),
            httpx.Response(
                200,
                json={
                    "issuer": "https://another.example",
                    "authorization_endpoint": "https://provider.example/authorize",
                    "token_endpoint": "https://provider.example/token",
                    "jwks_uri": "https://provider.example/keys",
                },
            ),
        ],
    )
    async def test_one_that_talks_nonsense_is_503(
        self, client: httpx.AsyncClient, provider: Provider, answer: httpx.Response
    ) -> None:
        provider.answers["/.well-known/openid-configuration"] = answer
        assert_error(await client.post(f"{OIDC}/example/authorizations"), 503)


class TestFirstTime:
    async def test_it_makes_an_account(self, client: httpx.AsyncClient, provider: Provider) -> None:
        response = await finish(client, provider, {**GRACE, "preferred_username": "Grace.H"})
        assert response.status_code == 201
        me = await who(client, response.json())
        assert me["handle"] == "grace_h"
        assert me["displayName"] == "Grace Hopper"
        assert me["email"] == "grace@example.com"
        assert me["hasPassword"] is False

    async def test_the_handle_can_be_chosen(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        response = await finish(client, provider, GRACE, handle="Amazing")
        assert (await who(client, response.json()))["handle"] == "amazing"

    async def test_a_chosen_handle_that_is_taken_is_409(
        self, client: httpx.AsyncClient, provider: Provider, join: Join
    ) -> None:
        await join("amazing")
        assert_error(await finish(client, provider, GRACE, handle="AMAZING"), 409)

    @pytest.mark.parametrize("name", ["grace", "admin", "a", "数学"])
    async def test_another_handle_is_found_for_one_that_cannot_be(
        self, client: httpx.AsyncClient, provider: Provider, join: Join, name: str
    ) -> None:
        await join("grace")
        person = {"sub": "1", "preferred_username": name}
        response = await finish(client, provider, person)
        assert response.status_code == 201
        assert (await who(client, response.json()))["handle"] not in {name, ""}

    async def test_an_address_with_an_account_is_409(
        self, client: httpx.AsyncClient, provider: Provider, join: Join
    ) -> None:
        await join("grace")
        assert_error(await finish(client, provider, GRACE), 409)

    async def test_an_unverified_address_is_not_believed(
        self, client: httpx.AsyncClient, provider: Provider, join: Join
    ) -> None:
        await join("grace")
        response = await finish(client, provider, {**GRACE, "email_verified": False})
        assert (await who(client, response.json()))["email"] is None


class TestLater:
    async def test_it_opens_the_same_account(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        first = await who(client, (await finish(client, provider, GRACE)).json())
        renamed = {**GRACE, "email": "other@example.com", "name": "Other"}
        later = await who(client, (await finish(client, provider, renamed)).json())
        assert later == first

    async def test_an_account_without_a_password_can_get_one_and_be_deleted(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        session = (await finish(client, provider, GRACE)).json()
        headers = {"Authorization": f"Bearer {session['accessToken']}"}
        changed = await client.patch(
            f"{API}/users/me", json={"password": PASSWORD}, headers=headers
        )
        assert changed.json()["hasPassword"] is True
        client.headers.update(headers)
        for body, status in (({}, 403), ({"password": PASSWORD}, 204)):
            response = await client.request("DELETE", f"{API}/users/me", json=body)
            assert response.status_code == status

    async def test_new_keys_of_the_provider_are_found(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        await finish(client, provider, GRACE)
        provider.change_keys()
        assert (await finish(client, provider, GRACE)).status_code == 201

    async def test_the_identity_is_in_the_export(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        session = (await finish(client, provider, GRACE)).json()
        headers = {"Authorization": f"Bearer {session['accessToken']}"}
        export = (await client.get(f"{API}/users/me/export", headers=headers)).json()
        assert [identity["subject"] for identity in export["identities"]] == ["g-1"]


class TestState:
    async def test_it_works_once(self, client: httpx.AsyncClient, provider: Provider) -> None:
        begun = await begin(client)
        for status in (201, 401):
            code = provider.sign_in(begun["authorizationUrl"], **GRACE)
            body = {"code": code, "state": begun["state"]}
            response = await client.post(f"{OIDC}/example/sessions", json=body)
            assert response.status_code == status

    async def test_one_that_was_made_up_is_refused(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        begun = await begin(client)
        code = provider.sign_in(begun["authorizationUrl"], **GRACE)
        body = {"code": code, "state": "x" * 43}
        assert_error(await client.post(f"{OIDC}/example/sessions", json=body), 401)

    async def test_after_ten_minutes_it_is_too_late(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        begun = await begin(client)
        code = provider.sign_in(begun["authorizationUrl"], **GRACE)
        body = {"code": code, "state": begun["state"]}
        with time_machine.travel(now().timestamp() + 601, tick=False):
            assert_error(await client.post(f"{OIDC}/example/sessions", json=body), 401)

    async def test_a_code_of_another_sign_in_is_refused(
        self, client: httpx.AsyncClient, provider: Provider
    ) -> None:
        mine, other = await begin(client), await begin(client)
        # PKCE: the code belongs to the other one's verifier.
        code = provider.sign_in(other["authorizationUrl"], **GRACE)
        body = {"code": code, "state": mine["state"]}
        assert_error(await client.post(f"{OIDC}/example/sessions", json=body), 401)


class TestIdToken:
    @pytest.mark.parametrize(
        "lies",
        [
            {"nonce": "another"},
            {"nonce": None},
            {"aud": "another"},
            {"aud": ["social", "another"], "azp": "another"},
            {"iss": "https://another.example"},
            {"exp": 1},
            {"exp": None},
            {"sub": None},
            {"sub": 7},
        ],
    )
    async def test_one_that_proves_nothing_is_refused(
        self, client: httpx.AsyncClient, provider: Provider, lies: dict[str, Any]
    ) -> None:
        provider.lies = lies
        assert_error(
            await finish(client, provider, GRACE), 401, "The sign-in has failed. Begin again."
        )

    @pytest.mark.parametrize(
        "signing",
        [
            {"algorithm": "none", "key": None},
            {"algorithm": "HS256", "key": CLIENT_SECRET * 2},
            {"headers": {"kid": "unknown"}},
        ],
    )
    async def test_one_that_the_provider_has_not_signed_is_refused(
        self, client: httpx.AsyncClient, provider: Provider, signing: dict[str, Any]
    ) -> None:
        provider.signing = signing
        assert_error(await finish(client, provider, GRACE), 401)

    @pytest.mark.parametrize("body", [{}, {"id_token": 1}, {"id_token": "x.y.z"}])
    async def test_an_answer_without_one_is_refused(
        self, client: httpx.AsyncClient, provider: Provider, body: dict[str, Any]
    ) -> None:
        provider.answers["/token"] = httpx.Response(200, json=body)
        assert_error(await finish(client, provider, GRACE), 401)


class TestSettings:
    def test_two_providers_need_two_names(self) -> None:
        with pytest.raises(ValueError, match="one name"):
            Settings(oidc_providers=(SETTINGS, SETTINGS))

    def test_they_are_read_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OIDC_PROVIDERS", json.dumps([SETTINGS]))
        (provider,) = Settings().oidc_providers
        assert provider.name == "example"
        assert CLIENT_SECRET not in repr(provider)
