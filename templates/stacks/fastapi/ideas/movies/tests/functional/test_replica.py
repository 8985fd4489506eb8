"""Reads from a copy of the database. Here the copy is a database of its own that never follows,
so an answer tells which of the two it comes from."""

from datetime import timedelta

import httpx
import pytest
import time_machine
from alembic import command
from fastapi import FastAPI

from app.clock import now
from app.replica import FRESH_FOR
from app.settings import Settings
from tests.fixtures import NewDatabase, alembic_config
from tests.people import API, SignIn, create_movie
from tests.queries import counted

MOVIES = f"{API}/movies"
GRAPHQL = "{ movies { edges { node { id } } } }"


@pytest.fixture
def settings(settings: Settings, new_database: NewDatabase) -> Settings:
    url = new_database()
    command.upgrade(alembic_config(url), "head")
    return settings.model_copy(update={"database_replica_url": url})


async def total(client: httpx.AsyncClient) -> int:
    """Return how many movies a client sees, in REST and GraphQL alike."""
    found: int = (await client.get(MOVIES)).json()["total"]
    answer = (await client.post("/graphql", json={"query": GRAPHQL})).json()
    assert len(answer["data"]["movies"]["edges"]) == found
    return found


async def test_everybody_reads_from_the_replica_except_whoever_has_just_written(
    client: httpx.AsyncClient, editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    await create_movie(editor)
    assert await total(editor) == 1
    assert await total(viewer) == 0
    assert await total(client) == 0


async def test_after_a_while_the_writer_reads_from_the_replica_too(
    editor: httpx.AsyncClient,
) -> None:
    await create_movie(editor)
    with time_machine.travel(now() + FRESH_FOR + timedelta(seconds=1)):
        assert await total(editor) == 0


async def test_a_write_that_was_refused_is_no_write(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    await viewer.post(f"{MOVIES}/{movie['id']}/reviews", json={"rating": 11})
    assert await total(viewer) == 0


async def test_a_mutation_is_a_write(editor: httpx.AsyncClient, viewer: httpx.AsyncClient) -> None:
    movie = await create_movie(editor)
    shown = "{ movie { rating } }"
    mutation = f'mutation {{ createReview(movieId: "{movie["id"]}", rating: 9) {shown} }}'
    answer = (await viewer.post("/graphql", json={"query": mutation})).json()
    assert answer == {"data": {"createReview": {"movie": {"rating": 9}}}}
    assert await total(viewer) == 1


async def test_a_watchlist_is_read_after_ones_own_write(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie = await create_movie(editor)
    await viewer.put(f"{API}/watchlist/{movie['id']}")
    assert (await viewer.get(f"{API}/watchlist")).json()["total"] == 1


async def test_an_anonymous_read_asks_the_primary_nothing(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    with counted(app) as statements:
        await client.get(MOVIES)
    assert statements == []


async def test_a_deleted_account_counts_at_once(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    ada = await sign_in()
    await ada.delete(f"{API}/users/me")
    assert (await ada.get(MOVIES)).status_code == 401
    assert (await client.get(MOVIES)).status_code == 200


class TestWithoutReplica:
    async def test_a_replica_that_is_down_is_503(
        self, app: FastAPI, client: httpx.AsyncClient
    ) -> None:
        replica = app.state.replica

        class Down:
            def read_session(self) -> None:
                raise TimeoutError

        app.state.replica = Down()
        response = await client.get(MOVIES)
        app.state.replica = replica
        assert response.status_code == 503


@pytest.mark.parametrize("url", ["mysql://db/app", "db"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must begin with"):
        Settings(database_replica_url=url)
