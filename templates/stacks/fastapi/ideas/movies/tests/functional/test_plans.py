"""How PostgreSQL answers the lists of a large catalogue. That needs a server: TEST_DATABASE_URL."""

import asyncio

import asyncpg
import httpx
import pytest
from alembic import command
from sqlalchemy import text

from app.database import Database
from app.imports.command import tidy
from app.main import create_app
from app.settings import Settings
from tests.fixtures import NewDatabase, alembic_config
from tests.people import API, NOTHING

# Every order that a client can choose, and the filters that have an index of their own.
PATHS = [
    "/movies",
    *(
        f"/movies?sort={sign}{key}"
        for key in ("title", "year", "runtimeMinutes", "rating", "popularity")
        for sign in ("", "-")
    ),
    "/movies?q=word17",
    "/movies?q=film+word17&sort=year",
    "/movies?yearFrom=1999&yearTo=1999",
    "/movies?minRating=10",
    f"/movies?person={NOTHING}",
    "/people",
    "/people?q=name17",
]
FILL = """
INSERT INTO genres (slug, name, version, created_at, updated_at)
SELECT 'genre-' || n, 'Genre ' || n, 1, now(), now() FROM generate_series(0, 19) n;

INSERT INTO movies (id, title, sort_title, year, runtime_minutes, overview, search_text,
                    rating_sum, review_count, rating, version, created_at, updated_at)
SELECT gen_random_uuid(), 'Film ' || n, 'film ' || n, 1900 + n % 120, 60 + n % 120,
       repeat('A word and another. ', 20), 'film ' || n || ' word' || n % 5000,
       n % 1000, n % 100, 1 + n % 10, 1, now(), now()
FROM generate_series(1, 100000) n;

INSERT INTO movie_genres (movie_id, genre_slug) SELECT id, 'genre-' || year % 20 FROM movies;

INSERT INTO people (id, name, sort_name, biography, search_text, version, created_at, updated_at)
SELECT gen_random_uuid(), 'Person ' || n, 'person ' || n, '', 'person name' || n % 5000,
       1, now(), now()
FROM generate_series(1, 50000) n;
"""
SCANS = """
SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables WHERE relname IN ('movies', 'people')
"""


@pytest.fixture(scope="module")
def catalogue(new_database: NewDatabase) -> str:
    """The URL of a database with 100,000 movies and 50,000 people."""
    url = new_database()
    command.upgrade(alembic_config(url), "head")
    asyncio.run(_fill(url))
    return url


async def _fill(url: str) -> None:
    # Not through the application: it gives no query so much time.
    connection = await asyncpg.connect(url)
    await connection.execute(FILL)
    await connection.close()
    database = Database(Settings(database_url=url).sqlalchemy_url)
    await tidy(database)
    await database.close()


async def scans(database: Database) -> int:
    """Return how often a table has been read from its beginning to its end."""
    async with database.session() as session:
        # A connection tells its counts now and then; so it tells them at the end of this.
        await session.execute(text("SELECT pg_stat_force_next_flush()"))
        await session.commit()
        return int(await session.scalar(text(SCANS)) or 0)


@pytest.mark.parametrize("path", PATHS)
async def test_no_list_reads_a_whole_table(catalogue: str, path: str) -> None:
    app = create_app(Settings(database_url=catalogue))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        before = await scans(app.state.database)
        response = await client.get(API + path)
        assert response.status_code == 200
        assert await scans(app.state.database) == before


async def test_a_list_that_did_would_be_noticed(catalogue: str) -> None:
    database = Database(Settings(database_url=catalogue).sqlalchemy_url)
    before = await scans(database)
    async with database.session() as session:
        await session.execute(text("SELECT count(*) FROM movies WHERE overview = ''"))
    assert await scans(database) > before
    await database.close()
