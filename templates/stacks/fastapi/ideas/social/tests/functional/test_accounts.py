"""Registering, changing, exporting and deleting an account."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.database import Base
from app.settings import Settings
from app.users.models import User
from tests.errors import assert_error, invalid_names
from tests.people import API, PASSWORD, Join, Person

USERS, ME = f"{API}/users", f"{API}/users/me"
ADA = {"email": "ada@example.com", "handle": "ada", "password": PASSWORD}


async def register(client: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    return await client.post(USERS, json={**ADA, **fields})


class TestRegistration:
    async def test_an_account_is_made(self, client: httpx.AsyncClient) -> None:
        response = await register(client, handle="Ada_1", displayName="Ada 🚢 Lovelace")
        assert response.status_code == 201
        assert response.headers["location"] == f"http://test{ME}"
        me = response.json()
        assert (me["handle"], me["displayName"]) == ("ada_1", "Ada 🚢 Lovelace")
        assert (me["role"], me["private"], me["avatar"]) == ("user", False, None)
        assert PASSWORD not in response.text

    async def test_the_name_is_the_handle_at_first(self, client: httpx.AsyncClient) -> None:
        assert (await register(client)).json()["displayName"] == "ada"

    @pytest.mark.parametrize("fields", [{"email": "b@example.com"}, {"handle": "other"}])
    async def test_handle_and_address_are_given_once_whatever_the_case(
        self, client: httpx.AsyncClient, fields: dict[str, str]
    ) -> None:
        await register(client)
        again = {"email": "ADA@example.com", "handle": "ADA", **fields}
        assert_error(await register(client, **again), 409)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "nobody"),
            ("email", "a" * 250 + "@b.example"),
            ("email", None),
            ("handle", "ab"),
            ("handle", "a" * 31),
            ("handle", "ada lovelace"),
            ("handle", "größe"),
            ("handle", "ada\n"),
            ("handle", "Admin"),
            ("handle", "me"),
            ("displayName", ""),
            ("displayName", " "),
            ("displayName", "a\0b"),
            ("displayName", "x" * 51),
            ("password", "short"),
            ("password", "password1"),
            ("password", "x" * 129),
            ("role", "moderator"),
        ],
    )
    async def test_an_invalid_field_is_named(
        self, client: httpx.AsyncClient, field: str, value: object
    ) -> None:
        response = await register(client, **{field: value})
        assert_error(response, 422)
        assert invalid_names(response) == [field]

    async def test_the_address_is_not_told_to_others(self, ada: Person, grace: Person) -> None:
        profile = await ada.get(f"{API}/profiles/{grace.handle}")
        assert grace.email not in profile.text


class TestRegistrationLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"registration_limit": "1/hour"})

    async def test_too_many_from_one_address_wait(self, client: httpx.AsyncClient) -> None:
        await register(client)
        response = await register(client, handle="other", email="other@example.com")
        assert_error(response, 429)


class TestChange:
    async def test_only_the_given_fields_change(self, ada: Person) -> None:
        before = await ada.expect(200, "GET", "/users/me")
        after = await ada.expect(200, "PATCH", "/users/me", json={"bio": "Poetical <b>science</b>"})
        assert after == {**before, "bio": "Poetical <b>science</b>"}
        assert await ada.expect(200, "PATCH", "/users/me", json={}) == after

    async def test_a_new_handle_is_found_and_the_old_one_is_free(
        self, ada: Person, grace: Person, join: Join
    ) -> None:
        await ada.expect(200, "PATCH", "/users/me", json={"handle": "Countess"})
        assert await grace.handles("/profiles?q=COUNT") == ["countess"]
        await grace.expect(404, "GET", "/profiles/ada")
        response = await grace.patch(ME, json={"handle": "countess"})
        assert_error(response, 409)

    async def test_becoming_public_accepts_who_has_asked(
        self, join: Join, ada: Person, alan: Person
    ) -> None:
        grace = await join("grace", private=True)
        for other in (ada, alan):
            await other.expect(200, "PUT", "/profiles/grace/follow")
        await grace.expect(200, "PATCH", "/users/me", json={"private": False})
        assert await grace.handles("/profiles/grace/followers") == ["alan", "ada"]
        assert await grace.handles("/follow-requests") == []

    async def test_a_new_password_needs_the_current_one(self, ada: Person) -> None:
        for body in ({}, {"currentPassword": "a wrong guess"}):
            response = await ada.patch(ME, json={"password": "a new password", **body})
            assert_error(response, 403, "The password is wrong.")

    async def test_a_new_password_ends_the_other_sessions(self, ada: Person) -> None:
        account = {"email": ada.email, "password": PASSWORD}
        other = await ada.expect(201, "POST", "/sessions", json=account)
        changes = {"password": "a new password", "currentPassword": PASSWORD}
        await ada.expect(200, "PATCH", "/users/me", json=changes)
        refresh = {"refreshToken": other["refreshToken"]}
        await ada.expect(401, "POST", "/sessions/refresh", json=refresh)
        await ada.expect(200, "GET", "/users/me")
        await ada.expect(401, "POST", "/sessions", json=account)
        account["password"] = "a new password"
        await ada.expect(201, "POST", "/sessions", json=account)

    async def test_passwords_cannot_be_tried_in_an_open_browser(self, ada: Person) -> None:
        for _ in range(5):
            await ada.expect(403, "DELETE", "/users/me", json={"password": "a wrong guess"})
        await ada.expect(429, "DELETE", "/users/me", json={"password": PASSWORD})
        await ada.expect(429, "PATCH", "/users/me", json={"bio": "too"})


class TestExport:
    async def test_it_has_everything(self, ada: Person, grace: Person) -> None:
        post = await ada.post_text("First")
        await ada.expect(200, "PATCH", f"/posts/{post['id']}", json={"text": "Second"})
        hers = await grace.post_text("Hello @ada")
        for what in ("like", "repost", "bookmark"):
            await ada.expect(200, "PUT", f"/posts/{hers['id']}/{what}")
        await ada.follow(grace)
        await grace.follow(ada)
        await ada.mute(grace)
        await ada.expect(201, "POST", "/profiles/grace/reports", json={"reason": "spam"})
        export = await ada.expect(200, "GET", "/users/me/export")
        assert export["profile"]["email"] == ada.email
        (written,) = export["posts"]
        assert (written["text"], written["history"][0]["text"]) == ("Second", "First")
        for what in ("likes", "reposts", "bookmarks"):
            assert [item["postId"] for item in export[what]] == [hers["id"]]
        for what in ("following", "followers", "mutes"):
            assert [item["handle"] for item in export[what]] == ["grace"]
        assert {item["kind"] for item in export["notifications"]} == {"mention", "follow"}
        assert len(export["sessions"]) == len(export["reports"]) == 1

    async def test_only_so_often(self, ada: Person) -> None:
        for _ in range(10):
            await ada.expect(200, "GET", "/users/me/export")
        await ada.expect(429, "GET", "/users/me/export")


class TestDeletion:
    async def test_it_needs_the_password(self, ada: Person) -> None:
        await ada.expect(403, "DELETE", "/users/me", json={"password": "a wrong guess"})
        await ada.expect(403, "DELETE", "/users/me", json={})
        await ada.expect(200, "GET", "/users/me")

    async def test_nothing_is_left_but_the_replies_of_others(
        self, app: FastAPI, ada: Person, grace: Person
    ) -> None:
        post = await ada.post_text("Hello @grace #hello")
        reply = await grace.post_text("Hello @ada", replyToId=post["id"])
        for person, other in ((ada, reply), (grace, post)):
            for what in ("like", "repost", "bookmark"):
                await person.expect(200, "PUT", f"/posts/{other['id']}/{what}")
        await ada.follow(grace)
        await grace.follow(ada)
        await ada.expect(204, "DELETE", "/users/me", json={"password": PASSWORD})
        await ada.expect(401, "GET", "/users/me")
        left = await grace.expect(200, "GET", f"/posts/{reply['id']}")
        assert (left["isReply"], left["replyToId"], left["likeCount"]) == (True, None, 0)
        assert await grace.items("/notifications") == []
        async with app.state.database.session() as session:
            stored = {
                table.name: await session.scalar(select(func.count()).select_from(table))
                for table in Base.metadata.sorted_tables
            }
            assert await session.scalar(select(User.handle)) == "grace"
        assert {name: count for name, count in stored.items() if count} == {
            "users": 1,
            "posts": 1,
            "entries": 1,
            "login_sessions": 1,
        }
