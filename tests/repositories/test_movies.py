"""What the page of the idea `movies` asks for beyond the collection."""

import csv
import secrets
import shlex
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.applications import Application
from tests.repositories.conftest import Start
from tests.repositories.repository import Repository
from tests.repositories.services import Database, Services

pytestmark = pytest.mark.idea("movies")

MOVIES = "/api/v1/movies"
Statements = Callable[[], AbstractContextManager[list[str]]]


def viewer(application: Application) -> dict[str, str]:
    """Register somebody and return the headers of their requests."""
    account = {"username": f"u{secrets.token_hex(8)}", "password": "the analytical engine"}
    assert application.ask("POST", "/api/v1/users", account).status == 201
    token = application.ask("POST", "/api/v1/tokens", account).json["accessToken"]
    return {"Authorization": f"Bearer {token}"}


def create(application: Application, headers: dict[str, str], **fields: object) -> str:
    """Create a movie and return its path."""
    new = {"title": "Metropolis", "year": 1927, "runtimeMinutes": 153, "genres": ["drama"]}
    answer = application.ask("POST", MOVIES, {**new, **fields}, headers)
    assert answer.status == 201, answer.body
    return f"{MOVIES}/{answer.json['id']}"


class TestCaching:
    """What caches and clients may keep."""

    def test_what_a_client_has_is_not_sent_again(
        self, application: Application, headers: dict[str, str]
    ) -> None:
        movie = create(application, headers)
        for path in (movie, MOVIES, f"{movie}/reviews", "/api/v1/genres"):
            known = application.ask("GET", path)
            assert "s-maxage" in known.headers["Cache-Control"]
            assert "Authorization" in known.headers["Vary"]
            etag = known.headers["ETag"]
            again = application.ask("GET", path, headers={"If-None-Match": etag})
            assert (again.status, again.body) == (304, b"")
            assert again.headers["ETag"] == etag

    def test_a_change_is_sent(self, application: Application, headers: dict[str, str]) -> None:
        movie = create(application, headers)
        etag = application.ask("GET", movie).headers["ETag"]
        application.ask("PATCH", movie, {"year": 1926}, headers)
        again = application.ask("GET", movie, headers={"If-None-Match": etag})
        assert (again.status, again.json["year"]) == (200, 1926)

    def test_nothing_private_is_public(
        self, application: Application, headers: dict[str, str]
    ) -> None:
        movie = create(application, headers)
        for path in (movie, MOVIES, "/api/v1/watchlist", "/api/v1/users/me"):
            control = application.ask("GET", path, headers=headers).headers["Cache-Control"]
            assert "public" not in control
            assert "s-maxage" not in control

    def test_of_many_who_saw_one_version_one_changes_it(
        self, application: Application, headers: dict[str, str]
    ) -> None:
        movie = create(application, headers)
        with ThreadPoolExecutor(10) as pool:
            # All read it at once, so each has a connection to the database by then.
            read = pool.map(lambda _: application.ask("GET", movie), range(10))
            (etag,) = {answer.headers["ETag"] for answer in read}
            seen = {**headers, "If-Match": etag}
            answers = pool.map(
                lambda n: application.ask("PATCH", movie, {"year": 1900 + n}, seen), range(10)
            )
            assert sorted(answer.status for answer in answers) == [200] + [412] * 9


def review_at_once(application: Application, movie: str, people: list[dict[str, str]]) -> None:
    """Let everybody write, change and delete reviews of a movie, and end with one."""

    def live(number: int) -> None:
        chance = Random(number)  # noqa: S311 - no secret
        for last in (False, False, True):
            body = {"rating": chance.randint(1, 10)}
            made = application.ask("POST", f"{movie}/reviews", body, people[number])
            assert made.status == 201, made.body
            path = f"/api/v1/reviews/{made.json['id']}"
            changed = application.ask(
                "PATCH", path, {"rating": chance.randint(1, 10)}, people[number]
            )
            assert changed.status == 200, changed.body
            if not last:
                assert application.ask("DELETE", path, None, people[number]).status == 204

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(live, range(len(people))))


def assert_rated_right(application: Application, movie: str, count: int) -> None:
    """Fail unless a movie's figures are those of its reviews."""
    page = application.ask("GET", f"{movie}/reviews?pageSize=100").json
    ratings = [review["rating"] for review in page["items"]]
    found = application.ask("GET", movie).json
    assert found["reviewCount"] == len(ratings) == count
    assert found["rating"] == pytest.approx(sum(ratings) / count, abs=0.0051)


class TestRatings:
    """What reviews make of a movie."""

    def test_they_are_right_after_many_reviews_at_once(
        self, application: Application, headers: dict[str, str]
    ) -> None:
        movie = create(application, headers)
        people = [viewer(application) for _ in range(12)]
        review_at_once(application, movie, people)
        assert_rated_right(application, movie, len(people))

    def test_of_many_reviews_by_one_user_at_once_one_counts(
        self, application: Application, headers: dict[str, str]
    ) -> None:
        movie = create(application, headers)
        with ThreadPoolExecutor(10) as pool:
            answers = pool.map(
                lambda n: application.ask("POST", f"{movie}/reviews", {"rating": n}, headers),
                range(1, 11),
            )
            assert sorted(answer.status for answer in answers) == [201] + [409] * 9
        assert_rated_right(application, movie, 1)


def graphql(application: Application, query: str, **variables: object) -> Any:
    """Execute a GraphQL document and return all of the answer."""
    body = {"query": query, "variables": variables}
    return application.ask("POST", "/graphql", body).json


class TestGraphql:
    """GraphQL: queries and limits."""

    ALL = """
    query ($first: Int!) {
      movies(first: $first, sort: POPULARITY_DESC) { edges { node {
        title
        cast(first: 5) { edges { node { character person { name } } } }
        crew(first: 5) { edges { node { job person { name } } } }
        reviews(first: 5) { edges { node { rating author } } }
      } } }
    }
    """

    @pytest.mark.databases("postgresql")
    def test_twenty_movies_take_as_many_queries_as_two(
        self, database: Database, start: Start, statements: Statements
    ) -> None:
        # With the films of the seed only: the most popular two have all that is asked for.
        application = start(database)
        numbers = []
        for first in (2, 20):
            with statements() as found:
                answer = graphql(application, self.ALL, first=first)
            assert len(answer["data"]["movies"]["edges"]) == first
            numbers.append(len(found))
        assert numbers[0] == numbers[1] <= 10

    DEEP = (
        "{ movie(id: 1) " + "{ cast { edges { node { movie " * 4 + "{ id }" + " } } } }" * 4 + "}"
    )
    WIDE = (
        "{ movies(first: 100) { edges { node {"
        " reviews(first: 100) { edges { node { id } } } } } } }"
    )
    SPREAD = (
        "{ ...F0 } fragment F40 on Query { movies { edges { node { id } } } } "
        + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "code"),
        [(DEEP, "TOO_DEEP"), (WIDE, "TOO_EXPENSIVE"), (SPREAD, "TOO_EXPENSIVE")],
        ids=["deep", "wide", "spread"],
    )
    def test_limits_are_enforced(self, application: Application, query: str, code: str) -> None:
        answer = graphql(application, query)
        assert answer.get("data") is None
        assert [error["extensions"]["code"] for error in answer["errors"]] == [code]

    def test_cursors_lead_through_every_movie_once(self, application: Application) -> None:
        query = """
        query ($after: String) { movies(first: 30, after: $after, sort: TITLE_ASC) {
          edges { node { id } } pageInfo { hasNextPage endCursor } } }
        """
        found: list[str] = []
        after, more = None, True
        while more:
            page = graphql(application, query, after=after)["data"]["movies"]
            found += [edge["node"]["id"] for edge in page["edges"]]
            more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
        total = application.ask("GET", MOVIES).json["total"]
        assert len(set(found)) == len(found) == total


def write_movies(file: Path, count: int) -> None:
    """Write a file of movies with one bad row in the middle."""
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(["externalId", "title", "year", "runtimeMinutes", "genres", "overview"])
        for n in range(count):
            year = 1800 if n == count // 2 else 1900 + n % 120
            writer.writerow(
                [f"many-{n}", f"Film {n}", year, 60 + n % 120, "drama|crime", f"Word{n}"]
            )


def import_movies(repository: Repository, database: str, file: Path) -> str:
    """Run the import command and return what it printed."""
    line = f"{repository.commands('import')} movies {shlex.quote(str(file))}"
    return repository.run(line, DATABASE_URL=database)


def test_an_import_is_told_and_repeatable(
    application: Application, repository: Repository, tmp_path: Path
) -> None:
    write_movies(tmp_path / "movies.csv", 2500)
    before = application.ask("GET", MOVIES).json["total"]
    for _ in range(2):
        printed = import_movies(repository, application.database, tmp_path / "movies.csv")
        assert "row 1251: year" in printed
        assert "refused 1" in printed
        assert application.ask("GET", MOVIES).json["total"] == before + 2499
    first = application.ask("GET", f"{MOVIES}?q=word17&sort=title&pageSize=1").json["items"][0]
    assert first["externalId"] == "many-17"
    answer = application.ask("GET", f"{MOVIES}/{first['id']}")
    import_movies(repository, application.database, tmp_path / "movies.csv")
    again = application.ask("GET", f"{MOVIES}/{first['id']}")
    assert again.headers["ETag"] == answer.headers["ETag"]


# Without reviews, so that what the reviews of the seed come to is still right.
FILL = """
INSERT INTO movies (id, title, sort_title, year, runtime_minutes, overview, search_text,
                    rating_sum, review_count, rating, version, created_at, updated_at)
SELECT gen_random_uuid(), 'Film ' || n, 'film ' || n, 1900 + n % 120, 60 + n % 120,
       repeat('A word and another. ', 20), 'film ' || n || ' word' || n % 5000,
       0, 0, 0, 1, now(), now()
FROM generate_series(1, 100000) n;

INSERT INTO movie_genres (movie_id, genre_slug)
SELECT movies.id, slug FROM movies, (SELECT min(slug) AS slug FROM genres) AS one
ON CONFLICT DO NOTHING
"""
LISTS = (
    "",
    "?sort=title",
    "?sort=-year&page=2",
    "?sort=runtimeMinutes",
    "?sort=-rating",
    "?q=word17",
    "?yearFrom=1999&yearTo=1999&sort=year",
    "?minRating=9",
)


@pytest.mark.databases("postgresql")
def test_at_a_hundred_thousand_movies_no_list_reads_them_all_and_ratings_are_right(
    database: Database, start: Start, repository: Repository, services: Services
) -> None:
    application = start(database)
    url = application.database
    services.postgres.query(url, FILL)
    services.postgres.query(url, "VACUUM (ANALYZE)")

    def count(column: str) -> int:
        sql = f"SELECT {column} FROM pg_stat_user_tables WHERE relname = 'movies'"  # noqa: S608
        return int(services.postgres.query(url, sql))

    # An application that has ended has told PostgreSQL all its counts.
    application.stop()
    scans, lookups = count("seq_scan"), count("idx_scan")
    application.start()
    for query in LISTS:
        answer = application.ask("GET", f"{MOVIES}{query}")
        assert answer.status == 200
        assert answer.json["items"], query
    assert application.ask("GET", MOVIES).json["total"] > 100_000
    application.stop()
    assert count("idx_scan") > lookups
    assert count("seq_scan") == scans

    application.start()
    movie = create(application, repository.conformance.headers(application))
    people = [viewer(application) for _ in range(12)]
    review_at_once(application, movie, people)
    assert_rated_right(application, movie, len(people))
