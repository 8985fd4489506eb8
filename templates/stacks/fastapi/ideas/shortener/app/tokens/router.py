"""The HTTP side of tokens, for the administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.database import Session
from app.limits import limited_by_address
from app.openapi import problems
from app.pages import Page, PageParameters
from app.tokens import service
from app.tokens.dependencies import administrator_only
from app.tokens.schemas import CreatedTokenBody, NewToken, TokenBody

router = APIRouter(
    prefix="/tokens",
    tags=["Tokens"],
    dependencies=[limited_by_address, administrator_only],
    responses=problems(401, 429, 500, 503),
)


@router.get("", responses=problems(422))
async def list_tokens(
    session: Session, parameters: Annotated[PageParameters, Query()]
) -> Page[TokenBody]:
    """List tokens, the newest first."""
    tokens, total = await service.list_tokens(session, parameters)
    return Page[TokenBody].of([TokenBody.of(token) for token in tokens], parameters, total)


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(400, 413, 415, 422))
async def create_token(session: Session, new: NewToken) -> CreatedTokenBody:
    """Create a token. This is the only answer that ever shows it."""
    token, text = await service.create_token(session, new.name)
    return CreatedTokenBody(**TokenBody.of(token).model_dump(), token=text)


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
async def revoke_token(session: Session, token_id: Annotated[UUID, Path(alias="id")]) -> None:
    """Revoke a token."""
    await service.revoke_token(session, token_id)
