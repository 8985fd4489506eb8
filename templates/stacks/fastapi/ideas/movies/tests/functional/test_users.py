"""Accounts, tokens and scopes."""

from typing import Any

import httpx
import pytest
import time_machine
from fastapi import FastAPI

from app.clock import now
from app.settings import Settings
from app.users.service import set_scopes
from tests.errors import assert_error, invalid_names
from tests.people import API, NOTHING, PASSWORD, SignIn, create_movie

USERS, TOKENS, ME = f"{API}/users", f"{API}/tokens", f"{API}/users/me"


async def register(client: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await client.post(USERS, json={"username": "ada", "password": PASSWORD, **fields})


async def sign_in(client: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await client.post(TOKENS, json={"username": "ada", "password": PASSWORD, **fields})


class TestRegistration:
    async def test_an_account_is_created_without_scopes(self, client: httpx.AsyncClient) -> None:
        response = await register(client)
        assert response.status_code == 201
        assert response.headers["location"] == f"http://test{ME}"
        user = response.json()
        assert (user["username"], user["scopes"]) == ("ada", [])
        assert "password" not in response.text

    async def test_a_name_is_given_once(self, client: httpx.AsyncClient) -> None:
        await register(client)
        assert_error(await register(client), 409, "Somebody has this name already.")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("username", "Ada"),
            ("username", "ab"),
            ("username", "a" * 31),
            ("username", "1abc"),
            ("username", "ada\n"),
            ("username", None),
            ("password", "too short"),
            ("password", "x" * 129),
            ("password", "password123"),
            ("password", "a\0bcdefghijk"),
            ("scopes", ["movies:write"]),
        ],
    )
    async def test_an_invalid_field_is_named(
        self, client: httpx.AsyncClient, field: str, value: object
    ) -> None:
        response = await register(client, **{field: value})
        assert_error(response, 422)
        assert invalid_names(response) == [field]

    async def test_a_refused_password_is_not_repeated(self, client: httpx.AsyncClient) -> None:
        assert "password123" not in (await register(client, password="password123")).text


class TestRegistrationLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"registration_limit": "2/hour"})

    async def test_too_many_from_one_address_wait(self, client: httpx.AsyncClient) -> None:
        for name in ("one", "two"):
            assert (await register(client, username=name)).status_code == 201
        response = await register(client, username="three")
        assert_error(response, 429)
        assert int(response.headers["retry-after"]) > 0


class TestSigningIn:
    async def test_a_token_tells_how_long_and_what_for(self, client: httpx.AsyncClient) -> None:
        await register(client)
        response = await sign_in(client)
        assert response.status_code == 201
        token = response.json()
        assert (token["tokenType"], token["expiresIn"], token["scopes"]) == ("Bearer", 3600, [])
        headers = {"Authorization": f"Bearer {token['accessToken']}"}
        assert (await client.get(ME, headers=headers)).json()["username"] == "ada"

    @pytest.mark.parametrize("wrong", [{"password": "another password"}, {"username": "nobody"}])
    async def test_a_wrong_name_and_a_wrong_password_look_alike(
        self, client: httpx.AsyncClient, wrong: dict[str, str]
    ) -> None:
        await register(client)
        response = await sign_in(client, **wrong)
        assert_error(response, 401, "The name or the password is wrong.")
        assert response.headers["www-authenticate"] == "Bearer"

    async def test_after_ten_failures_even_the_right_password_waits(
        self, client: httpx.AsyncClient
    ) -> None:
        await register(client)
        for _ in range(10):
            assert_error(await sign_in(client, password="wrong"), 401)
        assert_error(await sign_in(client), 429)
        assert_error(await sign_in(client, username="grace"), 401)

    async def test_the_right_password_may_be_used_as_often_as_one_likes(
        self, client: httpx.AsyncClient
    ) -> None:
        await register(client)
        for _ in range(12):
            assert (await sign_in(client)).status_code == 201


class TestTokens:
    @pytest.mark.parametrize(
        "authorization", ["Bearer x", "Bearer a.b.c", "Bearer \N{POUND SIGN}", "bearer ==="]
    )
    @pytest.mark.parametrize("path", [ME, f"{API}/movies", f"{API}/watchlist"])
    async def test_a_token_that_is_sent_must_be_valid(
        self, client: httpx.AsyncClient, path: str, authorization: str
    ) -> None:
        headers = {b"Authorization": authorization.encode()}
        response = await client.get(path, headers=headers)
        assert_error(response, 401)
        assert 'error="invalid_token"' in response.headers["www-authenticate"]

    @pytest.mark.parametrize("authorization", [None, "Basic YWRhOng="])
    async def test_without_a_token_nobody_is_signed_in(
        self, client: httpx.AsyncClient, authorization: str | None
    ) -> None:
        headers = {"Authorization": authorization} if authorization else {}
        assert_error(await client.get(ME, headers=headers), 401)
        assert (await client.get(f"{API}/movies", headers=headers)).status_code == 200

    async def test_a_token_expires(self, viewer: httpx.AsyncClient) -> None:
        with time_machine.travel(now().timestamp() + 3601):
            assert_error(await viewer.get(ME), 401)

    async def test_a_deleted_account_has_no_valid_token(self, viewer: httpx.AsyncClient) -> None:
        assert (await viewer.delete(ME)).status_code == 204
        assert_error(await viewer.get(ME), 401)
        assert_error(await viewer.get(f"{API}/movies"), 401)


class TestScopes:
    NEW = {"title": "M", "year": 1931, "runtimeMinutes": 117, "genres": ["drama"]}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", "/movies", NEW),
            ("PATCH", f"/movies/{NOTHING}", {}),
            ("DELETE", f"/movies/{NOTHING}", None),
            ("POST", f"/movies/{NOTHING}/cast", {}),
            ("POST", f"/movies/{NOTHING}/crew", {}),
            ("DELETE", f"/credits/{NOTHING}", None),
            ("POST", "/people", {"name": "Fritz Lang"}),
            ("PATCH", f"/people/{NOTHING}", {}),
            ("DELETE", f"/people/{NOTHING}", None),
            ("PUT", "/genres/drama", {"name": "Drama"}),
            ("DELETE", "/genres/drama", None),
        ],
    )
    async def test_the_catalogue_is_changed_with_the_scope_only(
        self,
        client: httpx.AsyncClient,
        viewer: httpx.AsyncClient,
        method: str,
        path: str,
        body: dict[str, Any] | None,
    ) -> None:
        assert_error(await client.request(method, API + path, json=body), 401)
        response = await viewer.request(method, API + path, json=body)
        assert_error(response, 403, "This needs the scope movies:write.")

    async def test_a_token_may_do_less_than_the_account(
        self, app: FastAPI, client: httpx.AsyncClient
    ) -> None:
        await register(client)
        async with app.state.database.session() as session:
            await set_scopes(session, "ada", frozenset({"movies:write"}))
        for scopes, status in [(None, 200), (["movies:write"], 200), ([], 403)]:
            token = (await sign_in(client, scopes=scopes)).json()
            headers = {"Authorization": f"Bearer {token['accessToken']}"}
            answer = await client.put(f"{API}/genres/noir", json={"name": "N"}, headers=headers)
            assert answer.status_code in {status, 201}
            assert token["scopes"] == (["movies:write"] if status == 200 else [])

    async def test_a_scope_that_is_taken_away_counts_no_more(
        self, app: FastAPI, sign_in: SignIn
    ) -> None:
        editor = await sign_in("movies:write", username="eve")
        async with app.state.database.session() as session:
            await set_scopes(session, "eve", frozenset())
        assert_error(await editor.post(f"{API}/people", json={"name": "x"}), 403)

    async def test_a_scope_that_is_granted_needs_a_new_token(
        self, app: FastAPI, sign_in: SignIn
    ) -> None:
        viewer = await sign_in(username="eve")
        async with app.state.database.session() as session:
            await set_scopes(session, "eve", frozenset({"movies:write"}))
        assert_error(await viewer.post(f"{API}/people", json={"name": "x"}), 403)


class TestPassword:
    NEW = "the difference engine"

    async def test_a_new_password_ends_every_earlier_token(
        self, client: httpx.AsyncClient, sign_in: SignIn
    ) -> None:
        ada = await sign_in(username="ada")
        change = {"currentPassword": PASSWORD, "password": self.NEW}
        assert (await ada.patch(ME, json=change)).status_code == 200
        assert_error(await ada.get(ME), 401)
        account = {"username": "ada", "password": self.NEW}
        assert (await client.post(TOKENS, json=account)).status_code == 201

    async def test_the_current_password_is_needed(self, viewer: httpx.AsyncClient) -> None:
        change = {"currentPassword": "wrong", "password": self.NEW}
        assert_error(await viewer.patch(ME, json=change), 403)
        for _ in range(9):
            await viewer.patch(ME, json=change)
        assert_error(await viewer.patch(ME, json=change), 429)


async def test_reviews_stay_without_a_name_when_the_account_is_deleted(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    reviews = f"{API}/movies/{movie['id']}/reviews"
    created = await viewer.post(reviews, json={"rating": 8})
    await viewer.delete(ME)
    (review,) = (await client.get(reviews)).json()["items"]
    assert (review["author"], review["rating"]) == (None, 8)
    assert (await client.get(f"{API}/movies/{movie['id']}")).json()["rating"] == 8
    one = await client.get(created.headers["location"])
    assert one.headers["etag"] != created.headers["etag"]
