"""The queries and mutations of the GraphQL schema, over the same services as the REST routes."""

from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry
from pydantic import BaseModel, ValidationError
from strawberry.extensions import DisableIntrospection, MaxTokensLimiter
from strawberry.types import ExecutionContext

from app.errors import InvalidInput, InvalidInputError, NotFoundError
from app.graphql.connections import DEFAULT_FIRST, After, Connection, First, connection, window
from app.graphql.limits import MAX_TOKENS, Limits
from app.graphql.loaders import Loaders
from app.graphql.types import Movie, MovieSort, Person, Request, Review, described
from app.movies.models import Movie as MovieRow
from app.movies.schemas import MovieQuery
from app.movies.service import SORT_COLUMNS, matching_movies
from app.people.models import Person as PersonRow
from app.people.schemas import PersonQuery
from app.people.service import matching_people
from app.replica import remember_write
from app.reviews import service as reviews_service
from app.reviews.schemas import NewReview, ReviewChanges
from app.tokens import UnauthorizedError
from app.users.models import User
from app.windows import Order, next_rows

Model = TypeVar("Model", bound=BaseModel)
# The types of the sort keys in a cursor.
SORT_KEYS: dict[str, Any] = {
    "title": tuple[str, UUID],
    "year": tuple[int, UUID],
    "runtimeMinutes": tuple[int, UUID],
    "rating": tuple[float, UUID],
    "popularity": tuple[int, UUID],
}
Search = Annotated[str | None, strawberry.argument(description="Words that it must have.")]


def checked(model: type[Model], **values: object) -> Model:
    """Return values as a model of the REST API, which knows every limit.

    Raises:
        InvalidInputError: One of them is not valid.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        inputs = [InvalidInput(("query", *item["loc"]), item["msg"]) for item in error.errors()]
        raise InvalidInputError(*inputs) from None


def parsed_id(text: str) -> UUID | None:
    """Return an id; None is one that belongs to nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def begin_write(info: Request) -> User:
    """Return who is asking, note that they write now, and let what follows see what they write.

    Raises:
        UnauthorizedError: Nobody is signed in.
    """
    context = info.context
    if context.me is None:
        raise UnauthorizedError
    await remember_write(context.app, context.writer, context.me.user.id)
    context.loaders = Loaders(context.writer)
    return context.me.user


@strawberry.input(description="Which movies; filters combine with and.")
class MovieFilters:
    """Which movies."""

    q: str | None = strawberry.field(default=None, description="Words that they must have.")
    genres: list[str] | None = strawberry.field(default=None, description="Slugs, all of them.")
    year_from: int | None = None
    year_to: int | None = None
    min_rating: float | None = None
    person: strawberry.ID | None = None

    def checked(self) -> MovieQuery:
        """Return the filters as those of the REST API.

        Raises:
            InvalidInputError: One of them is not valid.
        """
        return checked(
            MovieQuery,
            q=self.q,
            genre=self.genres or [],
            yearFrom=self.year_from,
            yearTo=self.year_to,
            minRating=self.min_rating,
            person=self.person,
        )


@strawberry.type(description="What can be read.")
class Query:
    """What can be read."""

    @described("A movie; null when there is none with this id.")
    async def movie(self, info: Request, id: strawberry.ID) -> Movie | None:  # noqa: A002
        movie_id = parsed_id(id)
        row = await info.context.loaders.movies.load(movie_id) if movie_id else None
        return Movie.of(row) if row else None

    @described("A person; null when there is none with this id.")
    async def person(self, info: Request, id: strawberry.ID) -> Person | None:  # noqa: A002
        person_id = parsed_id(id)
        row = await info.context.loaders.people.load(person_id) if person_id else None
        return Person.of(row) if row else None

    @described("The movies that match every filter.")
    async def movies(
        self,
        info: Request,
        filters: MovieFilters | None = None,
        sort: MovieSort = MovieSort.POPULARITY_DESC,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[Movie]:
        query = (filters or MovieFilters()).checked()
        key = sort.value.removeprefix("-")
        order = Order((SORT_COLUMNS[key], MovieRow.id), descending=sort.value.startswith("-"))
        asked = window(first, after, SORT_KEYS[key])
        loaders = info.context.loaders
        statement = next_rows(matching_movies(loaders.session, query), order, asked)
        found = await loaders.rows(statement)
        return connection([(row, tuple(keys)) for row, *keys in found], asked, Movie.of)

    @described("The people with these words in their names, by name.")
    async def people(
        self,
        info: Request,
        q: Search = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[Person]:
        query = checked(PersonQuery, q=q)
        asked = window(first, after, tuple[str, UUID])
        order = Order((PersonRow.sort_name, PersonRow.id))
        loaders = info.context.loaders
        statement = next_rows(matching_people(loaders.session, query.q), order, asked)
        found = await loaders.rows(statement)
        return connection([(row, tuple(keys)) for row, *keys in found], asked, Person.of)


@strawberry.type(description="What a signed-in user can change.")
class Mutation:
    """What a signed-in user can change."""

    @described("Reviews a movie.")
    async def create_review(
        self, info: Request, movie_id: strawberry.ID, rating: int, text: str = ""
    ) -> Review:
        user = await begin_write(info)
        new = checked(NewReview, rating=rating, text=text)
        known_id = parsed_id(movie_id)
        if known_id is None:
            raise NotFoundError(reviews_service.UNKNOWN_MOVIE)
        writer = info.context.writer
        return Review.of(await reviews_service.create_review(writer, user, known_id, new))

    @described("Changes one's own review; what is left out stays as it is.")
    async def change_review(
        self,
        info: Request,
        id: strawberry.ID,  # noqa: A002
        rating: int | None = strawberry.UNSET,
        text: str | None = strawberry.UNSET,
    ) -> Review:
        user = await begin_write(info)
        given = {"rating": rating, "text": text}
        values = {name: value for name, value in given.items() if value is not strawberry.UNSET}
        changes = checked(ReviewChanges, **values)
        writer = info.context.writer
        review = await reviews_service.get_own_review(writer, user, known_review(id))
        changed = await reviews_service.change_review(writer, review, changes, exact=False)
        return Review.of(changed)

    @described("Deletes one's own review and answers its id.")
    async def delete_review(self, info: Request, id: strawberry.ID) -> strawberry.ID:  # noqa: A002
        user = await begin_write(info)
        writer = info.context.writer
        review = await reviews_service.get_own_review(writer, user, known_review(id))
        await reviews_service.delete_review(writer, review, exact=False)
        return id


def known_review(text: str) -> UUID:
    """Return the id of a review.

    Raises:
        NotFoundError: It belongs to nothing.
    """
    review_id = parsed_id(text)
    if review_id is None:
        raise NotFoundError(reviews_service.UNKNOWN_ID)
    return review_id


class Schema(strawberry.Schema):
    """A schema that leaves errors to app/graphql/router.py, which knows which are ours."""

    def process_errors(
        self, errors: list[Any], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing here."""


def make_schema(*, introspection: bool) -> Schema:
    """Return the schema; whether it describes itself to clients is up to the environment."""
    extensions: list[Any] = [Limits, lambda: MaxTokensLimiter(MAX_TOKENS)]
    if not introspection:
        extensions.append(DisableIntrospection)
    return Schema(Query, Mutation, extensions=extensions)
