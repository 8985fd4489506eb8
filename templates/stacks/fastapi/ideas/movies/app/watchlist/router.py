"""The HTTP side of one's own watchlist. It is private: no answer here may be cached."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.auth.dependencies import CurrentUser, Read
from app.database import Session
from app.openapi import problems
from app.pages import Page, PageParameters
from app.tokens import UnauthorizedError
from app.watchlist import service
from app.watchlist.schemas import WatchlistItemBody

router = APIRouter(prefix="/watchlist", tags=["Watchlist"], responses=problems(401, 500, 503))

MovieId = Annotated[UUID, Path(alias="movieId", description="The movie's id.")]


@router.get("", responses=problems(422))
async def list_watchlist(
    read: Read, parameters: Annotated[PageParameters, Query()]
) -> Page[WatchlistItemBody]:
    """Read one's own watchlist; what was added last comes first."""
    if read.me is None:
        raise UnauthorizedError
    found, total = await service.list_watchlist(read.session, read.me.user.id, parameters)
    items = [WatchlistItemBody.of(item) for item in found]
    return Page[WatchlistItemBody].of(items, parameters, total)


@router.put("/{movieId}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
async def add_to_watchlist(session: Session, me: CurrentUser, movie_id: MovieId) -> None:
    """Put a movie on one's own watchlist."""
    await service.add_to_watchlist(session, me.user.id, movie_id)


@router.delete("/{movieId}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
async def remove_from_watchlist(session: Session, me: CurrentUser, movie_id: MovieId) -> None:
    """Take a movie off one's own watchlist."""
    await service.remove_from_watchlist(session, me.user.id, movie_id)
