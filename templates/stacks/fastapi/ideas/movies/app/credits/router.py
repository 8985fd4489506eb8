"""The HTTP side of a single credit; app/movies/router.py and app/people/router.py list them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response, status

from app.auth.dependencies import EDITOR, Read
from app.caching import CACHED_LIST, ListCache
from app.credits import service
from app.credits.schemas import CreditBody
from app.database import Session
from app.openapi import problems

router = APIRouter(prefix="/credits", tags=["Credits"], responses=problems(500, 503))

CreditId = Annotated[UUID, Path(alias="id", description="The credit's id.")]


@router.get(
    "/{id}", response_model=CreditBody, responses={**CACHED_LIST, **problems(401, 404, 422)}
)
async def get_credit(read: Read, cache: ListCache, credit_id: CreditId) -> Response:
    """Read a credit."""
    return cache.answer(CreditBody.of(await service.get_credit(read.session, credit_id)))


@router.delete(
    "/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[EDITOR],
    responses=problems(401, 403, 404),
)
async def delete_credit(session: Session, credit_id: CreditId) -> None:
    """Delete a credit."""
    await service.delete_credit(session, credit_id)
