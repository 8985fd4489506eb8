"""What can be done with credits. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from app.credits.models import CAST, CREW, Credit
from app.credits.schemas import NewCast, NewCrew
from app.errors import NotFoundError
from app.movies.models import Movie
from app.pages import PageParameters, fetch_page
from app.people.models import Person
from app.refusals import ConflictError

UNKNOWN_ID = "There is no credit with this id."


def _with_names() -> Select[Credit]:
    """Return the query for credits with what is shown of their movies and people."""
    return (
        select(Credit)
        .join(Credit.movie)
        .join(Credit.person)
        .options(
            contains_eager(Credit.movie).load_only(Movie.title, Movie.year),
            contains_eager(Credit.person).load_only(Person.name),
        )
    )


async def list_of_movie(
    session: AsyncSession, movie_id: UUID, parameters: PageParameters
) -> tuple[Sequence[Credit], int]:
    """Return one page of a movie's credits, and how many it has."""
    statement = (
        _with_names()
        .where(Credit.movie_id == movie_id)
        .order_by(Credit.kind, Credit.order, Credit.job, Person.sort_name, Credit.id)
    )
    return await fetch_page(session, statement, parameters)


async def list_of_person(
    session: AsyncSession, person_id: UUID, parameters: PageParameters
) -> tuple[Sequence[Credit], int]:
    """Return one page of a person's credits, and how many they have."""
    statement = (
        _with_names()
        .where(Credit.person_id == person_id)
        .order_by(Movie.year.desc(), Credit.id.desc())
    )
    return await fetch_page(session, statement, parameters)


async def get_credit(session: AsyncSession, credit_id: UUID) -> Credit:
    """Return a credit.

    Raises:
        NotFoundError: There is none with this id.
    """
    credit: Credit | None = await session.scalar(_with_names().where(Credit.id == credit_id))
    if credit is None:
        raise NotFoundError(UNKNOWN_ID)
    return credit


async def add_cast(session: AsyncSession, movie: Movie, new: NewCast) -> Credit:
    """Say that a person played a character.

    Raises:
        ConflictError: The person does not exist.
    """
    person = await _require_person(session, new.person_id)
    return await _add(
        session,
        Credit(movie=movie, person=person, kind=CAST, character=new.character, order=new.order),
    )


async def add_crew(session: AsyncSession, movie: Movie, new: NewCrew) -> Credit:
    """Say that a person did a job.

    Raises:
        ConflictError: The person does not exist.
    """
    person = await _require_person(session, new.person_id)
    return await _add(session, Credit(movie=movie, person=person, kind=CREW, job=new.job))


async def delete_credit(session: AsyncSession, credit_id: UUID) -> None:
    """Delete a credit.

    Raises:
        NotFoundError: There is none with this id.
    """
    statement = delete(Credit).where(Credit.id == credit_id).returning(Credit.id)
    if await session.scalar(statement) is None:
        raise NotFoundError(UNKNOWN_ID)
    await session.commit()


async def _require_person(session: AsyncSession, person_id: UUID) -> Person:
    person = await session.get(Person, person_id)
    if person is None:
        raise ConflictError("There is no person with this id.")
    return person


async def _add(session: AsyncSession, credit: Credit) -> Credit:
    session.add(credit)
    try:
        await session.commit()
    except IntegrityError:
        raise ConflictError("The movie or the person has just been deleted.") from None
    return credit
