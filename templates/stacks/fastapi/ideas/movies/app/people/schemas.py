"""What clients send and get about people."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, Field

from app.days import Day
from app.pages import PageParameters
from app.people.models import Person
from app.schemas import RequestBody, ResponseBody
from app.texts import Line200, LongText, SearchText

ExternalId = Annotated[str, Field(max_length=100)]


class NewPerson(RequestBody):
    """A person to create."""

    name: Line200
    birth_date: Day | None = None
    biography: LongText = ""


class PersonChanges(RequestBody):
    """The fields of a person to change; the others stay as they are."""

    name: Line200 | MISSING = MISSING
    birth_date: Day | MISSING | None = MISSING
    biography: LongText | MISSING = MISSING


class PersonQuery(PageParameters):
    """Which people a list has, and which page of them."""

    q: Annotated[SearchText | None, Field(description="Only people with these words.")] = None


class PersonBody(ResponseBody):
    """A person as stored."""

    id: UUID
    external_id: ExternalId | None
    name: str
    birth_date: date | None
    biography: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, person: Person) -> "PersonBody":
        """Return a stored person."""
        return cls(
            id=person.id,
            external_id=person.external_id,
            name=person.name,
            birth_date=person.birth_date,
            biography=person.biography,
            created_at=person.created_at,
            updated_at=person.updated_at,
        )
