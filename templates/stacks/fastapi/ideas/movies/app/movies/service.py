"""What can be done with movies. Knows the database and nothing of HTTP."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.credits.models import Credit
from app.errors import NotFoundError
from app.genres.service import require_genres
from app.movies.models import Movie, MovieGenre
from app.movies.schemas import MovieChanges, MovieQuery, NewMovie, Sort
from app.pages import fetch_page
from app.refusals import ConflictError
from app.search import has_words, search_text
from app.texts import fold
from app.versions import change_row, delete_row

UNKNOWN_ID = "There is no movie with this id."
# What the search looks at.
TEXTS = {"title", "original_title", "overview"}
SORT_COLUMNS: dict[str, InstrumentedAttribute[Any]] = {
    "title": Movie.sort_title,
    "year": Movie.year,
    "runtimeMinutes": Movie.runtime_minutes,
    "rating": Movie.rating,
    "popularity": Movie.review_count,
}


def matching_movies(session: AsyncSession, query: MovieQuery) -> Select[Movie]:
    """Return the query for the movies that a list has, without an order."""
    statement = select(Movie)
    if query.q:
        statement = statement.where(has_words(Movie, query.q, session.get_bind().dialect))
    for slug in query.genre:
        of_genre = select(MovieGenre.movie_id).where(MovieGenre.genre_slug == slug)
        statement = statement.where(Movie.id.in_(of_genre))
    if query.year_from is not None:
        statement = statement.where(Movie.year >= query.year_from)
    if query.year_to is not None:
        statement = statement.where(Movie.year <= query.year_to)
    if query.min_rating is not None:
        statement = statement.where(Movie.rating >= query.min_rating)
    if query.person is not None:
        of_person = select(Credit.movie_id).where(Credit.person_id == query.person)
        statement = statement.where(Movie.id.in_(of_person))
    return statement


def in_order(statement: Select[Movie], sort: Sort) -> Select[Movie]:
    """Return the query with an order in which every movie has its place."""
    column = SORT_COLUMNS[sort.removeprefix("-")]
    # Both columns in one direction, so that one index serves both directions.
    if sort.startswith("-"):
        return statement.order_by(column.desc(), Movie.id.desc())
    return statement.order_by(column, Movie.id)


async def list_movies(session: AsyncSession, query: MovieQuery) -> tuple[Sequence[Movie], int]:
    """Return one page of the movies that match the query, and how many match in all."""
    statement = in_order(matching_movies(session, query), query.sort)
    return await fetch_page(session, statement, query)


async def get_movie(session: AsyncSession, movie_id: UUID) -> Movie:
    """Return a movie.

    Raises:
        NotFoundError: There is none with this id.
    """
    movie = await session.get(Movie, movie_id)
    if movie is None:
        raise NotFoundError(UNKNOWN_ID)
    return movie


async def create_movie(session: AsyncSession, new: NewMovie) -> Movie:
    """Store a new movie.

    Raises:
        ConflictError: A genre does not exist.
    """
    fields = new.model_dump()
    slugs: list[str] = fields.pop("genres")
    await require_genres(session, slugs)
    movie = Movie(**fields)
    _make_texts(movie)
    session.add(movie)
    await session.flush()
    await _set_genres(session, movie.id, slugs)
    await session.refresh(movie)
    await session.commit()
    return movie


async def change_movie(
    session: AsyncSession, movie: Movie, changes: MovieChanges, *, exact: bool
) -> Movie:
    """Change the given fields of a movie and no others.

    Raises:
        ConflictError: A genre does not exist.
        PreconditionFailedError: With `exact`: the movie has changed since it was read.
        NotFoundError: The movie has been deleted meanwhile.
    """
    values = changes.model_dump()
    if not values:
        return movie
    slugs: list[str] | None = values.pop("genres", None)
    if slugs is not None:
        await require_genres(session, slugs)
    await change_row(session, movie, values, exact=exact)
    if slugs is not None:
        await session.execute(delete(MovieGenre).where(MovieGenre.movie_id == movie.id))
        await _set_genres(session, movie.id, slugs)
        await session.refresh(movie, ["genre_slugs"])
    if TEXTS & values.keys():
        # From the row as it is now: another client may have changed another of these fields.
        _make_texts(movie)
    await session.commit()
    return movie


async def delete_movie(session: AsyncSession, movie: Movie, *, exact: bool) -> None:
    """Delete a movie with its credits, its reviews and its places on watchlists.

    Raises:
        PreconditionFailedError: With `exact`: the movie has changed since it was read.
        NotFoundError: The movie has been deleted meanwhile.
    """
    await delete_row(session, movie, exact=exact)
    await session.commit()


def _make_texts(movie: Movie) -> None:
    # Without accents a letter can become several.
    movie.sort_title = fold(movie.title)[:200]
    movie.search_text = search_text(movie.title, movie.original_title, movie.overview)


async def _set_genres(session: AsyncSession, movie_id: UUID, slugs: Collection[str]) -> None:
    rows = [{"movie_id": movie_id, "genre_slug": slug} for slug in slugs]
    try:
        await session.execute(insert(MovieGenre), rows)
    except IntegrityError:
        raise ConflictError("A genre has just been deleted.") from None
