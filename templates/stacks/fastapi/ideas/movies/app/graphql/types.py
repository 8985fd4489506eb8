"""The types of the GraphQL schema; docs/schema.graphql is what they come to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from app.auth.service import SignedIn
from app.credits.models import Credit as CreditRow
from app.graphql.connections import DEFAULT_FIRST, After, Connection, First, connection, window
from app.graphql.loaders import ListKey, Loaders
from app.movies.models import Movie as MovieRow
from app.movies.schemas import genres_of, rating_of
from app.people.models import Person as PersonRow
from app.reviews.models import Review as ReviewRow


@dataclass
class Context:
    """What resolvers know of the request.

    Args:
        loaders: Where they read; a mutation gets new ones.
        me: Who is asking; None is anybody.
        writer: A session on the primary, for mutations.
        app: The application.
    """

    loaders: Loaders
    me: SignedIn | None
    writer: AsyncSession
    app: FastAPI


Request = Info[Context, None]


def described(description: str) -> Callable[[Callable[..., Any]], StrawberryField]:
    """Make a field of a resolver, with a description: strawberry.field with types."""
    return lambda resolver: strawberry.field(resolver, description=description)


@strawberry.enum(description="The order of movies. Popularity is the number of reviews.")
class MovieSort(Enum):
    """The order of movies, and what the service calls it."""

    TITLE_ASC = "title"
    TITLE_DESC = "-title"
    YEAR_ASC = "year"
    YEAR_DESC = "-year"
    RUNTIME_ASC = "runtimeMinutes"
    RUNTIME_DESC = "-runtimeMinutes"
    RATING_ASC = "rating"
    RATING_DESC = "-rating"
    POPULARITY_ASC = "popularity"
    POPULARITY_DESC = "-popularity"


@strawberry.enum(description="Before the camera or behind it.")
class CreditKind(Enum):
    """Before the camera or behind it."""

    CAST = "cast"
    CREW = "crew"


@strawberry.type(description="Somebody who acts in movies or works on them.")
class Person:
    """Somebody who acts in movies or works on them."""

    id: strawberry.ID
    name: str
    birth_date: date | None
    biography: str

    @classmethod
    def of(cls, row: PersonRow) -> "Person":
        """Return a stored person."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            birth_date=row.birth_date,
            biography=row.biography,
        )

    @described("What they did, the newest movie first.")
    async def credits(
        self, info: Request, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Annotated["Credit", strawberry.lazy("app.graphql.types")]]:
        asked = window(first, after, tuple[int, UUID])
        key = ListKey(UUID(self.id), asked)
        rows = await info.context.loaders.filmographies.load(key)
        return connection(rows, asked, Credit.of)


@strawberry.type(description="A movie of the catalogue.")
class Movie:
    """A movie of the catalogue."""

    id: strawberry.ID
    title: str
    original_title: str | None
    year: int
    runtime_minutes: int
    genres: list[str]
    overview: str
    language: str | None
    release_date: date | None
    rating: float | None = strawberry.field(description="The average of all reviews.")
    review_count: int

    @classmethod
    def of(cls, row: MovieRow) -> "Movie":
        """Return a stored movie."""
        return cls(
            id=strawberry.ID(str(row.id)),
            title=row.title,
            original_title=row.original_title,
            year=row.year,
            runtime_minutes=row.runtime_minutes,
            genres=genres_of(row),
            overview=row.overview,
            language=row.language,
            release_date=row.release_date,
            rating=rating_of(row),
            review_count=row.review_count,
        )

    @described("Who acted in it, in the order of the cast.")
    async def cast(
        self, info: Request, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Annotated["Credit", strawberry.lazy("app.graphql.types")]]:
        asked = window(first, after, tuple[int, UUID])
        rows = await info.context.loaders.casts.load(ListKey(UUID(self.id), asked))
        return connection(rows, asked, Credit.of)

    @described("Who worked on it, by job.")
    async def crew(
        self, info: Request, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Annotated["Credit", strawberry.lazy("app.graphql.types")]]:
        asked = window(first, after, tuple[str, UUID])
        rows = await info.context.loaders.crews.load(ListKey(UUID(self.id), asked))
        return connection(rows, asked, Credit.of)

    @described("What others think of it, the newest first.")
    async def reviews(
        self, info: Request, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Annotated["Review", strawberry.lazy("app.graphql.types")]]:
        asked = window(first, after, tuple[datetime, UUID])
        rows = await info.context.loaders.reviews.load(ListKey(UUID(self.id), asked))
        return connection(rows, asked, Review.of)


@strawberry.type(description="Who did what in which movie.")
class Credit:
    """Who did what in which movie."""

    id: strawberry.ID
    kind: CreditKind
    character: str | None
    order: int | None
    job: str | None
    movie_id: strawberry.Private[UUID]
    person_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: CreditRow) -> "Credit":
        """Return a stored credit."""
        return cls(
            id=strawberry.ID(str(row.id)),
            kind=CreditKind(row.kind),
            character=row.character,
            order=row.order,
            job=row.job,
            movie_id=row.movie_id,
            person_id=row.person_id,
        )

    @described("The movie.")
    async def movie(self, info: Request) -> Movie | None:
        row = await info.context.loaders.movies.load(self.movie_id)
        return Movie.of(row) if row else None

    @described("The person.")
    async def person(self, info: Request) -> Person | None:
        row = await info.context.loaders.people.load(self.person_id)
        return Person.of(row) if row else None


@strawberry.type(description="What somebody thinks of a movie.")
class Review:
    """What somebody thinks of a movie."""

    id: strawberry.ID
    rating: int
    text: str
    created_at: datetime
    updated_at: datetime
    movie_id: strawberry.Private[UUID]
    user_id: strawberry.Private[UUID | None]

    @classmethod
    def of(cls, row: ReviewRow) -> "Review":
        """Return a stored review."""
        return cls(
            id=strawberry.ID(str(row.id)),
            rating=row.rating,
            text=row.text,
            created_at=row.created_at,
            updated_at=row.updated_at,
            movie_id=row.movie_id,
            user_id=row.user_id,
        )

    @described("The author's name; null when the account was deleted.")
    async def author(self, info: Request) -> str | None:
        if self.user_id is None:
            return None
        row = await info.context.loaders.users.load(self.user_id)
        return row.username if row else None

    @described("The movie.")
    async def movie(self, info: Request) -> Movie | None:
        row = await info.context.loaders.movies.load(self.movie_id)
        return Movie.of(row) if row else None
