"""What can be done with watchlists. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from app.errors import NotFoundError
from app.movies.service import get_movie
from app.pages import PageParameters, fetch_page
from app.watchlist.models import WatchlistItem


async def list_watchlist(
    session: AsyncSession, user_id: UUID, parameters: PageParameters
) -> tuple[Sequence[WatchlistItem], int]:
    """Return one page of a watchlist, and how many movies are on it."""
    statement = (
        select(WatchlistItem)
        .where(WatchlistItem.user_id == user_id)
        .options(joinedload(WatchlistItem.movie))
        .order_by(WatchlistItem.added_at.desc(), WatchlistItem.movie_id.desc())
    )
    return await fetch_page(session, statement, parameters)


async def add_to_watchlist(session: AsyncSession, user_id: UUID, movie_id: UUID) -> None:
    """Put a movie on a watchlist; it may be there already.

    Raises:
        NotFoundError: There is no such movie.
    """
    await get_movie(session, movie_id)
    session.add(WatchlistItem(user_id=user_id, movie_id=movie_id))
    try:
        await session.commit()
    except IntegrityError:
        # It is there already, or the movie has just gone: then nothing is to be done, or to be
        # told, that the next request would not tell as well.
        await session.rollback()


async def remove_from_watchlist(session: AsyncSession, user_id: UUID, movie_id: UUID) -> None:
    """Take a movie off a watchlist.

    Raises:
        NotFoundError: It is not on it.
    """
    statement = (
        delete(WatchlistItem)
        .where(WatchlistItem.user_id == user_id, WatchlistItem.movie_id == movie_id)
        .returning(WatchlistItem.movie_id)
    )
    if await session.scalar(statement) is None:
        raise NotFoundError("This movie is not on your watchlist.")
    await session.commit()
