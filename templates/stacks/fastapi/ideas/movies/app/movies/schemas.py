"""What clients send and get about movies."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.clock import now
from app.days import Day
from app.genres.schemas import Slug
from app.movies.models import Movie
from app.pages import PageParameters
from app.people.schemas import ExternalId
from app.schemas import RequestBody, ResponseBody, json_integer, strict_integer
from app.texts import Line200, LongText, SearchText

Sort = Literal[
    "title",
    "-title",
    "year",
    "-year",
    "runtimeMinutes",
    "-runtimeMinutes",
    "rating",
    "-rating",
    "popularity",
    "-popularity",
]
FIELDS = (
    "id",
    "externalId",
    "title",
    "originalTitle",
    "year",
    "runtimeMinutes",
    "genres",
    "overview",
    "language",
    "releaseDate",
    "rating",
    "reviewCount",
    "createdAt",
    "updatedAt",
)
_FIELD = f"({'|'.join(FIELDS)})"


def _not_too_new(year: int) -> int:
    latest = now().year + 1
    if year > latest:
        raise PydanticCustomError("year", "Must be at most {latest}.", {"latest": latest})
    return year


def _distinct(slugs: list[str]) -> list[str]:
    if len(set(slugs)) < len(slugs):
        raise PydanticCustomError("genres", "Must be different from one another.")
    return sorted(slugs)


def _number(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        raise PydanticCustomError("number", "Must be a number.")
    return value


# The oldest film that survives is of 1888. The latest year moves on with the clock; the document
# has the one of the year in which it was written.
Year = Annotated[
    int,
    Field(ge=1888, json_schema_extra={"maximum": 2027}),
    AfterValidator(_not_too_new),
    json_integer,
]
RuntimeMinutes = Annotated[int, Field(ge=1, le=100_000), json_integer]
Genres = Annotated[list[Slug], Field(min_length=1, max_length=5), AfterValidator(_distinct)]
Language = Annotated[str, Field(pattern="^[a-z]{2,3}$")]
AnyYear = Annotated[int, Field(ge=1, le=9999), strict_integer]


class NewMovie(RequestBody):
    """A movie to create."""

    title: Line200
    original_title: Line200 | None = None
    year: Year
    runtime_minutes: RuntimeMinutes
    genres: Genres
    overview: LongText = ""
    language: Language | None = None
    release_date: Day | None = None


class MovieChanges(RequestBody):
    """The fields of a movie to change; the others stay as they are."""

    title: Line200 | MISSING = MISSING
    original_title: Line200 | MISSING | None = MISSING
    year: Year | MISSING = MISSING
    runtime_minutes: RuntimeMinutes | MISSING = MISSING
    genres: Genres | MISSING = MISSING
    overview: LongText | MISSING = MISSING
    language: Language | MISSING | None = MISSING
    release_date: Day | MISSING | None = MISSING


class MovieQuery(PageParameters):
    """Which movies a list has, which page of them, and what of each."""

    q: SearchText | None = None
    genre: Annotated[list[Slug], Field(max_length=5, default_factory=list)]
    year_from: AnyYear | None = None
    year_to: AnyYear | None = None
    min_rating: Annotated[float | None, Field(ge=1, le=10), BeforeValidator(_number)] = None
    person: UUID | None = None
    sort: Sort = "-popularity"
    fields: Annotated[str | None, Field(max_length=200, pattern=f"^{_FIELD}(,{_FIELD})*$")] = None


class MovieFields(ResponseBody):
    """What a movie has; a list may be asked for some of it only."""

    id: UUID
    external_id: ExternalId | MISSING | None = MISSING
    title: str | MISSING = MISSING
    original_title: str | MISSING | None = MISSING
    year: int | MISSING = MISSING
    runtime_minutes: int | MISSING = MISSING
    genres: list[str] | MISSING = MISSING
    overview: str | MISSING = MISSING
    language: str | MISSING | None = MISSING
    release_date: date | MISSING | None = MISSING
    rating: Annotated[float, Field(ge=1, le=10)] | MISSING | None = MISSING
    review_count: Annotated[int, Field(ge=0)] | MISSING = MISSING
    created_at: datetime | MISSING = MISSING
    updated_at: datetime | MISSING = MISSING

    @classmethod
    def of(cls, movie: Movie, fields: str | None) -> "MovieFields":
        """Return a stored movie with the given fields, separated by commas, or with all."""
        members = movie_members(movie)
        if fields:
            wanted = {"id", *fields.split(",")}
            members = {name: value for name, value in members.items() if name in wanted}
        return cls.model_validate(members)


class MovieBody(ResponseBody):
    """A movie with all its fields."""

    id: UUID
    external_id: ExternalId | None
    title: str
    original_title: str | None
    year: int
    runtime_minutes: int
    genres: list[str]
    overview: str
    language: str | None
    release_date: date | None
    rating: Annotated[float, Field(ge=1, le=10)] | None
    review_count: Annotated[int, Field(ge=0)]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, movie: Movie) -> "MovieBody":
        """Return a stored movie."""
        return cls.model_validate(movie_members(movie))


def movie_members(movie: Movie) -> dict[str, Any]:
    """Return a stored movie by the names that clients know."""
    return {
        "id": movie.id,
        "externalId": movie.external_id,
        "title": movie.title,
        "originalTitle": movie.original_title,
        "year": movie.year,
        "runtimeMinutes": movie.runtime_minutes,
        "genres": genres_of(movie),
        "overview": movie.overview,
        "language": movie.language,
        "releaseDate": movie.release_date,
        "rating": rating_of(movie),
        "reviewCount": movie.review_count,
        "createdAt": movie.created_at,
        "updatedAt": movie.updated_at,
    }


def genres_of(movie: Movie) -> list[str]:
    """Return the slugs of a movie's genres in alphabetical order."""
    return sorted((movie.genre_slugs or "").split())


def rating_of(movie: Movie) -> float | None:
    """Return the average of a movie's reviews; without reviews there is none."""
    return movie.rating if movie.review_count else None
