"""What can be done with people. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import NotFoundError
from app.pages import fetch_page
from app.people.models import PEOPLE, Person
from app.people.schemas import NewPerson, PersonChanges, PersonQuery
from app.refusals import ConflictError
from app.search import has_words, search_text
from app.texts import fold
from app.versions import change_row, delete_row

UNKNOWN_ID = "There is no person with this id."


def matching_people(session: AsyncSession, q: str | None) -> Select[Person]:
    """Return the query for people with these words in their names."""
    statement = select(Person)
    if q:
        statement = statement.where(has_words(Person, q, session.get_bind().dialect))
    return statement


async def list_people(session: AsyncSession, query: PersonQuery) -> tuple[Sequence[Person], int]:
    """Return one page of the people who match the query, and how many match in all."""
    statement = matching_people(session, query.q).order_by(Person.sort_name, Person.id)
    return await fetch_page(session, statement, query)


async def get_person(session: AsyncSession, person_id: UUID) -> Person:
    """Return a person.

    Raises:
        NotFoundError: There is none with this id.
    """
    person = await session.get(Person, person_id)
    if person is None:
        raise NotFoundError(UNKNOWN_ID)
    return person


async def create_person(session: AsyncSession, new: NewPerson) -> Person:
    """Store a new person."""
    moment = now()
    columns = person_columns(new.model_dump())
    columns |= {"id": uuid4(), "version": 1, "created_at": moment, "updated_at": moment}
    # One row needs none of what session.add() prepares, and that takes longer than the INSERT.
    await session.execute(insert(PEOPLE), columns)
    await session.commit()
    return Person(**columns)


async def change_person(
    session: AsyncSession, person: Person, changes: PersonChanges, *, exact: bool
) -> Person:
    """Change the given fields of a person and no others.

    Raises:
        PreconditionFailedError: With `exact`: the person has changed since they were read.
        NotFoundError: The person has been deleted meanwhile.
    """
    values = person_columns(changes.model_dump())
    if values:
        await change_row(session, person, values, exact=exact)
        await session.commit()
    return person


async def delete_person(session: AsyncSession, person: Person, *, exact: bool) -> None:
    """Delete a person.

    Raises:
        ConflictError: The person has credits.
        PreconditionFailedError: With `exact`: the person has changed since they were read.
        NotFoundError: The person has been deleted meanwhile.
    """
    try:
        await delete_row(session, person, exact=exact)
        await session.commit()
    except IntegrityError:
        raise ConflictError("This person has credits; delete those first.") from None


def person_columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the columns that the fields decide."""
    if "name" not in fields:
        return fields
    name = fields["name"]
    # Without accents a letter can become several.
    return fields | {"sort_name": fold(name)[:200], "search_text": search_text(name)}
