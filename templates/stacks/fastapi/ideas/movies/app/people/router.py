"""The HTTP side of people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response, status

from app.auth.dependencies import EDITOR, Read
from app.caching import CACHED_ITEM, CACHED_LIST, TAGGED, ItemCache, ListCache
from app.credits import service as credits_service
from app.credits.schemas import CreditBody
from app.database import Session
from app.etags import IfMatch, require_match
from app.location import Locate
from app.openapi import header, problems
from app.pages import Page, PageParameters
from app.people import service
from app.people.schemas import NewPerson, PersonBody, PersonChanges, PersonQuery

router = APIRouter(prefix="/people", tags=["People"], responses=problems(500, 503))

PersonId = Annotated[UUID, Path(alias="id", description="The person's id.")]


@router.get("", response_model=Page[PersonBody], responses={**CACHED_LIST, **problems(401, 422)})
async def list_people(
    read: Read, cache: ListCache, query: Annotated[PersonQuery, Query()]
) -> Response:
    """List people by name."""
    people, total = await service.list_people(read.session, query)
    items = [PersonBody.of(person) for person in people]
    return cache.answer(Page[PersonBody].of(items, query, total))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[EDITOR],
    responses={
        201: {"headers": {**TAGGED, "Location": header("string")}},
        **problems(400, 401, 403, 413, 415, 422),
    },
)
async def create_person(
    response: Response, locate: Locate, session: Session, new: NewPerson
) -> PersonBody:
    """Create a person."""
    person = await service.create_person(session, new)
    locate("get_person", id=str(person.id))
    response.headers["ETag"] = person.etag
    return PersonBody.of(person)


@router.get(
    "/{id}", response_model=PersonBody, responses={**CACHED_ITEM, **problems(401, 404, 422)}
)
async def get_person(read: Read, cache: ItemCache, person_id: PersonId) -> Response:
    """Read a person."""
    person = await service.get_person(read.session, person_id)
    return cache.answer_item(PersonBody.of(person), person.etag, person.updated_at)


@router.patch(
    "/{id}",
    dependencies=[EDITOR],
    responses={
        200: {"headers": TAGGED},
        **problems(400, 401, 403, 404, 412, 413, 415, 422),
    },
)
async def change_person(
    response: Response,
    session: Session,
    person_id: PersonId,
    changes: PersonChanges,
    if_match: IfMatch = None,
) -> PersonBody:
    """Change fields of a person."""
    person = await service.get_person(session, person_id)
    require_match(if_match, person.etag)
    person = await service.change_person(session, person, changes, exact=if_match is not None)
    response.headers["ETag"] = person.etag
    return PersonBody.of(person)


@router.delete(
    "/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[EDITOR],
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def delete_person(session: Session, person_id: PersonId, if_match: IfMatch = None) -> None:
    """Delete a person."""
    person = await service.get_person(session, person_id)
    require_match(if_match, person.etag)
    await service.delete_person(session, person, exact=if_match is not None)


@router.get(
    "/{id}/credits",
    tags=["Credits"],
    response_model=Page[CreditBody],
    responses={**CACHED_LIST, **problems(401, 404, 422)},
)
async def list_person_credits(
    read: Read,
    cache: ListCache,
    person_id: PersonId,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """List what a person did, the newest movie first."""
    await service.get_person(read.session, person_id)
    found, total = await credits_service.list_of_person(read.session, person_id, parameters)
    items = [CreditBody.of(credit) for credit in found]
    return cache.answer(Page[CreditBody].of(items, parameters, total))
