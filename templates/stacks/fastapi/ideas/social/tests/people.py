"""People who are signed in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.users.models import MODERATOR
from app.users.service import set_role
from tests.contract import Contract

API = "/api/v1"
PASSWORD = "the analytical engine"


class Person(httpx.AsyncClient):
    """Somebody with an account, and the client that they are signed in with."""

    handle: str
    session: dict[str, Any]

    @property
    def email(self) -> str:
        return f"{self.handle}@example.com"

    async def post_text(self, text: str, **fields: Any) -> dict[str, Any]:
        """Post something and return it."""
        post: dict[str, Any] = await self.expect(
            201, "POST", "/posts", json={"text": text, **fields}
        )
        return post

    async def follow(self, other: "Person") -> None:
        """Follow somebody; who is private accepts."""
        relation = await self.expect(200, "PUT", f"/profiles/{other.handle}/follow")
        if relation["requested"]:
            await other.expect(204, "PUT", f"/follow-requests/{self.handle}")

    async def block(self, other: "Person") -> None:
        """Block somebody."""
        await self.expect(200, "PUT", f"/profiles/{other.handle}/block")

    async def mute(self, other: "Person") -> None:
        """Mute somebody."""
        await self.expect(200, "PUT", f"/profiles/{other.handle}/mute")

    async def be_private(self) -> None:
        """Hide the posts from all but followers."""
        await self.expect(200, "PATCH", "/users/me", json={"private": True})

    async def items(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the items of the first page of a list."""
        # Empty parameters would take the query out of the path.
        page = await self.expect(200, "GET", path, params=parameters or None)
        items: list[dict[str, Any]] = page["items"]
        return items

    async def ids(self, path: str, **parameters: Any) -> list[str]:
        """Return the ids of the posts of the first page of a list."""
        return [item["id"] for item in await self.items(path, **parameters)]

    async def handles(self, path: str) -> list[str]:
        """Return the handles of the first page of a list of profiles."""
        return [item["handle"] for item in await self.items(path)]

    async def expect(self, status: int, method: str, path: str, **options: Any) -> Any:
        """Send a request, fail unless it is answered with a status, and return the body."""
        response = await self.request(method, API + path, **options)
        assert response.status_code == status, response.text
        return response.json() if response.content else None


Join = Callable[..., Awaitable[Person]]


@pytest.fixture(scope="session")
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {"media_url": str(tmp_path_factory.mktemp("media"))}


@pytest.fixture
async def join(app: FastAPI, contract: Contract) -> AsyncIterator[Join]:
    """Return a function that registers somebody and signs them in."""
    async with AsyncExitStack() as people:

        async def join(handle: str, *, private: bool = False, moderator: bool = False) -> Person:
            person = Person(
                transport=httpx.ASGITransport(app),
                base_url="http://test",
                event_hooks={"response": [contract.check]},
            )
            person.handle = handle
            await people.enter_async_context(person)
            account = {"email": person.email, "password": PASSWORD}
            await person.expect(201, "POST", "/users", json={**account, "handle": handle})
            person.session = await person.expect(201, "POST", "/sessions", json=account)
            person.headers["Authorization"] = f"Bearer {person.session['accessToken']}"
            if private:
                await person.be_private()
            if moderator:
                async with app.state.database.session() as session:
                    await set_role(session, handle, MODERATOR)
            return person

        yield join


@pytest.fixture
async def ada(join: Join) -> Person:
    return await join("ada")


@pytest.fixture
async def grace(join: Join) -> Person:
    return await join("grace")


@pytest.fixture
async def alan(join: Join) -> Person:
    return await join("alan")
