"""What clients send and get about credits."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.credits.models import Credit
from app.schemas import RequestBody, ResponseBody, json_integer
from app.texts import Line100

BodyUuid = Annotated[UUID, Field(strict=False)]


class NewCast(RequestBody):
    """A character that somebody played."""

    person_id: BodyUuid
    character: Line100
    order: Annotated[int, Field(ge=1, le=10_000), json_integer]


class NewCrew(RequestBody):
    """A job that somebody did."""

    person_id: BodyUuid
    job: Line100


class CreditedMovie(ResponseBody):
    """The movie of a credit."""

    id: UUID
    title: str
    year: int


class CreditedPerson(ResponseBody):
    """The person of a credit."""

    id: UUID
    name: str


class CreditBody(ResponseBody):
    """Who did what in which movie."""

    id: UUID
    kind: Literal["cast", "crew"]
    movie: CreditedMovie
    person: CreditedPerson
    character: str | None
    order: int | None
    job: str | None

    @classmethod
    def of(cls, credit: Credit) -> "CreditBody":
        """Return a stored credit."""
        movie, person = credit.movie, credit.person
        return cls.model_validate(
            {
                "id": credit.id,
                "kind": credit.kind,
                "movie": CreditedMovie(id=movie.id, title=movie.title, year=movie.year),
                "person": CreditedPerson(id=person.id, name=person.name),
                "character": credit.character,
                "order": credit.order,
                "job": credit.job,
            }
        )
