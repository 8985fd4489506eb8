"""An organisation for tests, and the people in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from alembic import command
from fastapi import FastAPI
from sqlalchemy import text

from app.auth.service import access_token_of
from app.clock import now
from app.columns import sort_key
from app.database import create_engine
from app.handlers import make_handlers
from app.mail import Mail
from app.organisations.models import Membership
from app.outbox import handle, take
from app.passwords import hash_password
from app.refresh_tokens import start_session
from app.settings import Settings
from app.users.models import User
from tests.contract import Contract
from tests.fixtures import NewDatabase, alembic_config

API = "/api/v1"
PASSWORD = "an-engine-of-brass"

Json = dict[str, Any]

# What keeps the audit log as it is (migrations/versions/0002_protect_the_audit_log.py).
TRIGGERS = {
    "postgresql": ["DROP TRIGGER audit_entries_stay ON audit_entries"],
    "sqlite": ["DROP TRIGGER audit_entries_stay", "DROP TRIGGER audit_entries_remain"],
}


@pytest.fixture(scope="session")
def database_url(new_database: NewDatabase) -> str:
    """The URL of a database with all tables, shared by all tests.

    Between two tests it is emptied, which the audit log would refuse.
    """
    url = new_database()
    command.upgrade(alembic_config(url), "head")
    asyncio.run(_let_audit_log_be_emptied(url))
    return url


async def _let_audit_log_be_emptied(url: str) -> None:
    engine = create_engine(Settings(database_url=url).sqlalchemy_url)
    async with engine.begin() as connection:
        for statement in TRIGGERS[engine.dialect.name]:
            await connection.execute(text(statement))
    await engine.dispose()


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in.

    Args:
        id: Their account's id.
        email: Their address.
        client: Sends requests as them; each answer is held to the contract.
    """

    id: str
    email: str
    client: httpx.AsyncClient

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send a request."""
        content = {} if body is None else {"json": body}
        return await self.client.request(method, API + path, headers=headers, **content)

    async def get(self, path: str) -> httpx.Response:
        """Read something."""
        return await self.ask("GET", path)

    async def make(self, path: str, body: Json) -> Json:
        """Make something and return it."""
        response = await self.ask("POST", path, body)
        assert response.status_code == 201, response.text
        made: Json = response.json()
        return made

    async def read(self, path: str) -> Any:
        """Read something that is there."""
        response = await self.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    async def change(self, path: str, body: Json) -> Json:
        """Change something and return it."""
        response = await self.ask("PATCH", path, body)
        assert response.status_code == 200, response.text
        changed: Json = response.json()
        return changed


NewClient = Callable[[], Awaitable[httpx.AsyncClient]]
NewPerson = Callable[[str], Awaitable[Person]]


@pytest.fixture
async def new_client(app: FastAPI, contract: Contract) -> AsyncIterator[NewClient]:
    """Return a function that makes a client of its own."""
    async with AsyncExitStack() as clients:

        async def new() -> httpx.AsyncClient:
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://test",
                event_hooks={"response": [contract.check]},
            )
            return await clients.enter_async_context(client)

        yield new


async def log_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> Json:
    """Log in and return the session; the client sends its token from now on."""
    credentials = {"email": email, "password": password}
    response = await client.post(f"{API}/sessions", json=credentials)
    assert response.status_code == 201, response.text
    session: Json = response.json()
    client.headers["Authorization"] = f"Bearer {session['accessToken']}"
    return session


@pytest.fixture
async def new_person(app: FastAPI, settings: Settings, new_client: NewClient) -> NewPerson:
    """Return a function that makes an account and a client with its token.

    Not over HTTP: most tests are about what comes after that.
    """
    numbers = count(1)
    password_hash = await hash_password(PASSWORD)

    async def new(name: str) -> Person:
        client = await new_client()
        email = f"{name.lower()}{next(numbers)}@example.com"
        user = User(
            id=uuid4(),
            email=email,
            display_name=name,
            name_key=sort_key(name),
            password_hash=password_hash,
            confirmed_at=now(),
            created_at=now(),
        )
        async with app.state.database.session() as session:
            session.add(user)
            await session.flush()
            started = await start_session(session, settings, user.id, "tests")
            await session.commit()
        client.headers["Authorization"] = f"Bearer {access_token_of(settings, started)}"
        return Person(str(user.id), email, client)

    return new


@dataclass(frozen=True)
class Team:
    """An organisation with somebody in each role, and a project.

    Args:
        people: By role; "outsider" is not in it.
        organisation: Its address.
        project: The project's address.
    """

    people: dict[str, Person]
    organisation: str
    project: str

    @property
    def owner(self) -> Person:
        return self.people["owner"]

    @property
    def admin(self) -> Person:
        return self.people["admin"]

    @property
    def member(self) -> Person:
        return self.people["member"]

    @property
    def viewer(self) -> Person:
        return self.people["viewer"]

    @property
    def outsider(self) -> Person:
        return self.people["outsider"]

    async def task(self, title: str = "Order brass", **fields: Any) -> Json:
        """Make a task, as the member, and return it."""
        return await self.member.make(f"{self.project}/tasks", {"title": title, **fields})


async def join(owner: Person, organisation: str, person: Person, role: str) -> None:
    """Make somebody a member of an organisation."""
    invitation = await owner.make(
        f"{organisation}/invitations", {"email": person.email, "role": role}
    )
    response = await person.ask("POST", f"/invitations/{invitation['id']}/accept")
    assert response.status_code == 200, response.text


NAMES = {
    "owner": "Ada",
    "admin": "Charles",
    "member": "Grace",
    "viewer": "Vera",
    "outsider": "Alan",
}


@pytest.fixture
async def team(app: FastAPI, new_person: NewPerson) -> Team:
    people = {role: await new_person(name) for role, name in NAMES.items()}
    owner = people["owner"]
    made = await owner.make("/organisations", {"name": "Analytical Engines"})
    async with app.state.database.session() as session:
        session.add_all(
            Membership(
                organisation_id=UUID(made["id"]),
                user_id=UUID(people[role].id),
                role=role,
                joined_at=now(),
            )
            for role in ("admin", "member", "viewer")
        )
        await session.commit()
    organisation = f"/organisations/{made['id']}"
    project = await owner.make(f"{organisation}/projects", {"name": "Engine No. 2"})
    return Team(people, organisation, f"/projects/{project['id']}")


class Mailbox:
    """Keeps mails instead of sending them."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        self.mails.append(mail)

    def to(self, email: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to == email]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


Work = Callable[[], Awaitable[None]]


@pytest.fixture
def work(app: FastAPI, settings: Settings, mailbox: Mailbox) -> Work:
    """Return a function that handles the events which are due, as the worker does."""
    handlers = make_handlers(settings, mailbox)

    async def work() -> None:
        while events := await take(app.state.database, 10):
            for event in events:
                await handle(app.state.database, handlers, event)

    return work
