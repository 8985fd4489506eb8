"""Importing files of movies, people and credits."""

import asyncio
import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.imports import command
from app.imports.command import Report, import_rows, read_rows
from app.imports.kinds import KINDS
from tests.fixtures import NewDatabase
from tests.people import API

MOVIE = {
    "externalId": "m-1931",
    "title": "M",
    "year": 1931,
    "runtimeMinutes": 117,
    "genres": ["crime", "film-noir"],
}
LANG = {"externalId": "lang", "name": "Fritz Lang", "birthDate": "1890-12-05"}
DIRECTED = {
    "externalId": "m/lang",
    "movie": "m-1931",
    "person": "lang",
    "kind": "crew",
    "job": "Director",
}


async def load(app: FastAPI, kind: str, *rows: Any) -> tuple[int, str]:
    """Import rows; return how many were stored, and what was told of the others."""
    told = StringIO()
    report = Report(told)
    await import_rows(app.state.database, KINDS[kind], rows, report)
    return report.stored, told.getvalue()


async def movies(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(f"{API}/movies")).json()["items"]
    return items


async def test_a_movie_with_its_genres_people_and_credits(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    assert await load(app, "movies", MOVIE) == (1, "")
    assert await load(app, "people", LANG) == (1, "")
    assert await load(app, "credits", DIRECTED) == (1, "")
    (movie,) = await movies(client)
    assert {name: movie[name] for name in MOVIE} == MOVIE
    page = (await client.get(f"{API}/movies/{movie['id']}/credits")).json()
    (credit,) = page["items"]
    assert (credit["job"], credit["person"]["name"]) == ("Director", "Fritz Lang")
    genre = (await client.get(f"{API}/genres/film-noir")).json()
    assert genre == {"slug": "film-noir", "name": "Film Noir"}
    found = (await client.get(f"{API}/movies", params={"q": "m", "genre": "film-noir"})).json()
    assert found["total"] == 1


async def test_importing_again_changes_nothing(app: FastAPI, client: httpx.AsyncClient) -> None:
    before = []
    for _ in range(2):
        await load(app, "movies", MOVIE)
        await load(app, "people", LANG)
        await load(app, "credits", DIRECTED)
        (movie,) = await movies(client)
        answer = await client.get(f"{API}/movies/{movie['id']}")
        before.append((answer.json(), answer.headers["etag"]))
    assert before[0] == before[1]
    assert (await client.get(f"{API}/people")).json()["total"] == 1


async def test_importing_again_changes_what_differs_and_keeps_the_reviews(
    app: FastAPI, client: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    await load(app, "movies", MOVIE)
    (before,) = await movies(client)
    url = f"{API}/movies/{before['id']}"
    await viewer.post(f"{url}/reviews", json={"rating": 9})
    etag = (await client.get(url)).headers["etag"]
    await load(app, "movies", {**MOVIE, "title": "M!", "genres": ["crime"]})
    answer = await client.get(url)
    after = answer.json()
    assert (after["title"], after["genres"], after["rating"]) == ("M!", ["crime"], 9)
    assert answer.headers["etag"] != etag


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        ("movies", "is not JSON", "is not JSON"),
        ("movies", {**MOVIE, "year": 1800}, "year: "),
        ("movies", {**MOVIE, "genres": []}, "genres: "),
        ("movies", {**MOVIE, "externalId": ""}, "externalId: "),
        ("movies", {**MOVIE, "title": "a\0b"}, "title: "),
        ("movies", {**MOVIE, "title": "\ud800"}, "title: "),
        ("movies", {**MOVIE, "two\nlines": 1}, "two\\nlines: "),
        ("people", {"externalId": "x"}, "name: "),
        ("credits", {**DIRECTED, "movie": "nobody's"}, "there is no movie"),
        ("credits", {**DIRECTED, "person": "nobody"}, "there is no person"),
        ("credits", {**DIRECTED, "kind": "cast"}, "cast has character and order"),
        ("credits", {**DIRECTED, "character": "x"}, "crew has job"),
    ],
)
async def test_a_row_that_cannot_be_stored_is_told_and_the_others_are_stored(
    app: FastAPI, kind: str, row: Any, reason: str
) -> None:
    await load(app, "movies", MOVIE)
    await load(app, "people", LANG)
    good = {"movies": MOVIE, "people": LANG, "credits": DIRECTED}[kind]
    stored, told = await load(app, kind, row, good)
    assert stored == 1
    assert told.startswith("row 1: ")
    assert reason in told
    assert told.count("\n") == 1


async def test_no_more_than_a_batch_is_held_in_memory(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "BATCH", 10)
    read = 0
    most_ahead = 0
    stored = 0
    kind = KINDS["people"]

    def rows() -> Iterator[dict[str, str]]:
        nonlocal read, most_ahead
        for number in range(95):
            read += 1
            most_ahead = max(most_ahead, read - stored)
            yield {"externalId": str(number), "name": f"Person {number}"}

    async def store(session: Any, batch: Any) -> dict[int, str]:
        nonlocal stored
        refused = await kind.store(session, batch)
        stored += len(batch)
        return refused

    spied = type(kind)(kind.name, kind.model, store)
    report = Report(StringIO())
    await import_rows(app.state.database, spied, rows(), report)
    assert report.stored == stored == 95
    assert most_ahead == 10


def test_csv_and_json_lines_say_the_same() -> None:
    row = {**MOVIE, "originalTitle": 'M, "eine Stadt"', "overview": "two\nlines"}
    lines = StringIO(json.dumps(row) + "\n")
    table = StringIO()
    writer = csv.DictWriter(table, [*row, "language"])
    writer.writeheader()
    writer.writerow({**row, "genres": "crime|film-noir", "language": ""})
    table.seek(0)
    model = KINDS["movies"].model
    (from_lines,) = read_rows(lines, is_csv=False)
    (from_table,) = read_rows(table, is_csv=True)
    assert model.model_validate(from_lines) == model.model_validate(from_table)


class TestCommand:
    @pytest.fixture(autouse=True)
    def _database(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", database_url)

    async def test_a_file_is_imported_and_counted(
        self, client: httpx.AsyncClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "movies.jsonl"
        file.write_text(json.dumps(MOVIE) + "\n[]\n{\n", "utf-8")
        await asyncio.to_thread(command.main, ["movies", str(file)])
        told = capsys.readouterr()
        assert told.out == "Imported 1 movies, refused 2.\n"
        assert told.err == "row 2: is not an object\nrow 3: is not JSON\n"
        assert len(await movies(client)) == 1

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(SystemExit, match="There is no file"):
            command.main(["movies", str(tmp_path / "none.csv")])

    def test_a_database_without_tables_is_one_clear_line(
        self, tmp_path: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", new_database())
        file = tmp_path / "people.csv"
        file.write_text("externalId,name\nlang,Fritz Lang\n", "utf-8")
        with pytest.raises(SystemExit, match="alembic upgrade head"):
            command.main(["people", str(file)])
