"""What can be imported: the fields of a row, and how rows are stored."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from sqlalchemy import delete, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.credits.models import CAST, Credit
from app.database import Base
from app.days import Day
from app.genres.models import Genre
from app.movies.models import Movie, MovieGenre
from app.movies.schemas import Genres, Language, RuntimeMinutes, Year
from app.people.models import Person
from app.people.service import person_columns
from app.schemas import Text
from app.search import search_text
from app.texts import Line100, Line200, LongText, fold

ExternalId = Annotated[Text, Field(min_length=1, max_length=100)]
# What happens to rows that cannot be stored: why, by their places.
Refused = dict[int, str]


class Row(BaseModel):
    """A row of a file. CSV has only texts, so numbers may be written as texts here."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    external_id: ExternalId


def _split(value: object) -> object:
    # CSV has no lists.
    return value.split("|") if isinstance(value, str) else value


class MovieRow(Row):
    """A movie."""

    title: Line200
    original_title: Line200 | None = None
    year: Year
    runtime_minutes: RuntimeMinutes
    genres: Annotated[Genres, BeforeValidator(_split)]
    overview: LongText = ""
    language: Language | None = None
    release_date: Day | None = None


class PersonRow(Row):
    """A person."""

    name: Line200
    birth_date: Day | None = None
    biography: LongText = ""


class CreditRow(Row):
    """A credit; movie and person are external ids."""

    movie: ExternalId
    person: ExternalId
    kind: Literal["cast", "crew"]
    character: Line100 | None = None
    order: Annotated[int, Field(ge=1, le=10_000)] | None = None
    job: Line100 | None = None

    @model_validator(mode="after")
    def _require_what_the_kind_needs(self) -> Self:
        given = {name for name in ("character", "order", "job") if getattr(self, name) is not None}
        needed = {"character", "order"} if self.kind == CAST else {"job"}
        if given != needed:
            names = " and ".join(sorted(needed))
            raise ValueError(f"{self.kind} has {names} and nothing else")
        return self


@dataclass(frozen=True)
class Kind:
    """Something that can be imported.

    Args:
        name: What the command line calls it.
        model: What a row must be.
        store: Stores rows by their places and returns the places of those that it cannot store.
    """

    name: str
    model: type[Row]
    store: Callable[[AsyncSession, Mapping[int, Any]], Awaitable[Refused]]


def id_of(kind: str, external_id: str) -> UUID:
    """Return the id of an imported row: the same in every database, so nobody has to look it up."""
    return uuid5(NAMESPACE_URL, f"{kind}:{external_id}")


async def store_movies(session: AsyncSession, rows: Mapping[int, MovieRow]) -> Refused:
    """Store movies, and the genres that are not there yet."""
    movies = {id_of("movie", row.external_id): row for row in rows.values()}
    await _store_genres(session, {slug for row in movies.values() for slug in row.genres})
    stored = [
        {
            "id": movie_id,
            **row.model_dump(exclude={"genres"}),
            "sort_title": fold(row.title)[:200],
            "search_text": search_text(row.title, row.original_title, row.overview),
        }
        for movie_id, row in movies.items()
    ]
    await _upsert(session, Movie, stored)
    await _store_movie_genres(session, {key: row.genres for key, row in movies.items()})
    return {}


async def store_people(session: AsyncSession, rows: Mapping[int, PersonRow]) -> Refused:
    """Store people."""
    people = {id_of("person", row.external_id): row for row in rows.values()}
    stored = [{"id": key, **person_columns(row.model_dump())} for key, row in people.items()]
    await _upsert(session, Person, stored)
    return {}


async def store_credits(session: AsyncSession, rows: Mapping[int, CreditRow]) -> Refused:
    """Store credits; one whose movie or person is not there is refused."""
    movies = await _existing(session, Movie, {row.movie for row in rows.values()})
    people = await _existing(session, Person, {row.person for row in rows.values()})
    refused: Refused = {}
    stored: dict[UUID, dict[str, Any]] = {}
    for place, row in rows.items():
        if row.movie not in movies:
            refused[place] = f"there is no movie {row.movie!r}"
        elif row.person not in people:
            refused[place] = f"there is no person {row.person!r}"
        else:
            key = id_of("credit", row.external_id)
            stored[key] = {
                "id": key,
                **row.model_dump(exclude={"movie", "person"}),
                "movie_id": movies[row.movie],
                "person_id": people[row.person],
            }
    await _upsert(session, Credit, list(stored.values()))
    return refused


KINDS = {
    kind.name: kind
    for kind in (
        Kind("movies", MovieRow, store_movies),
        Kind("people", PersonRow, store_people),
        Kind("credits", CreditRow, store_credits),
    )
}


async def _existing(
    session: AsyncSession, model: type[Movie | Person], external_ids: Collection[str]
) -> dict[str, UUID]:
    statement = select(model.external_id, model.id).where(model.external_id.in_(external_ids))
    return {str(external_id): row_id for external_id, row_id in await session.execute(statement)}


async def _store_genres(session: AsyncSession, slugs: Collection[str]) -> None:
    known = set(await session.scalars(select(Genre.slug).where(Genre.slug.in_(slugs))))
    for slug in sorted(set(slugs) - known):
        session.add(Genre(slug=slug, name=slug.replace("-", " ").title()))
    await session.flush()


async def _store_movie_genres(session: AsyncSession, genres: Mapping[UUID, Iterable[str]]) -> None:
    wanted = {(movie_id, slug) for movie_id, slugs in genres.items() for slug in slugs}
    columns = (MovieGenre.movie_id, MovieGenre.genre_slug)
    statement = select(*columns).where(MovieGenre.movie_id.in_(genres))
    stored = {(movie_id, slug) for movie_id, slug in await session.execute(statement)}
    for movie_id, slug in stored - wanted:
        await session.execute(delete(MovieGenre).where(columns[0] == movie_id, columns[1] == slug))
    new = [{"movie_id": movie_id, "genre_slug": slug} for movie_id, slug in wanted - stored]
    if new:
        await session.execute(insert(MovieGenre), new)


async def _upsert(session: AsyncSession, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows, and change those that are there and differ: a new version only then."""
    if not rows:
        return
    dialect = session.get_bind().dialect.name
    table: Any = model.__table__
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    given = [name for name in rows[0] if name not in {"id", "external_id"}]
    values: dict[str, Any] = {name: statement.excluded[name] for name in given}
    changed = or_(*(table.c[name].is_distinct_from(statement.excluded[name]) for name in given))
    if "version" in table.c:
        moment = now()
        first = {"version": 1, "created_at": moment, "updated_at": moment}
        rows = [{**row, **first} for row in rows]
        values |= {"version": table.c.version + 1, "updated_at": moment}
    if model is Movie:
        rows = [{**row, "rating_sum": 0, "review_count": 0, "rating": 0.0} for row in rows]
    statement = statement.on_conflict_do_update(index_elements=["id"], set_=values, where=changed)
    await session.execute(statement, rows)
