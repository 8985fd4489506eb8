"""What can be done with genres. Knows the database and nothing of HTTP."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.genres.models import Genre
from app.pages import PageParameters, fetch_page
from app.refusals import ConflictError
from app.versions import change_row, delete_row

UNKNOWN_SLUG = "There is no genre with this slug."


async def list_genres(
    session: AsyncSession, parameters: PageParameters
) -> tuple[Sequence[Genre], int]:
    """Return one page of the genres, and how many there are."""
    return await fetch_page(session, select(Genre).order_by(Genre.name, Genre.slug), parameters)


async def find_genre(session: AsyncSession, slug: str) -> Genre | None:
    """Return a genre, if there is one with this slug."""
    return await session.get(Genre, slug)


async def get_genre(session: AsyncSession, slug: str) -> Genre:
    """Return a genre.

    Raises:
        NotFoundError: There is none with this slug.
    """
    genre = await find_genre(session, slug)
    if genre is None:
        raise NotFoundError(UNKNOWN_SLUG)
    return genre


async def create_genre(session: AsyncSession, slug: str, name: str) -> Genre:
    """Store a new genre.

    Raises:
        ConflictError: Somebody has just created it.
    """
    genre = Genre(slug=slug, name=name)
    session.add(genre)
    try:
        await session.commit()
    except IntegrityError:
        raise ConflictError("Somebody has just created this genre.") from None
    return genre


async def rename_genre(session: AsyncSession, genre: Genre, name: str, *, exact: bool) -> Genre:
    """Give a genre another name.

    Raises:
        PreconditionFailedError: With `exact`: it has changed since it was read.
        NotFoundError: It has been deleted meanwhile.
    """
    if name != genre.name:
        await change_row(session, genre, {"name": name}, exact=exact)
        await session.commit()
    return genre


async def delete_genre(session: AsyncSession, genre: Genre, *, exact: bool) -> None:
    """Delete a genre.

    Raises:
        ConflictError: There are movies of this genre.
        PreconditionFailedError: With `exact`: it has changed since it was read.
        NotFoundError: It has been deleted meanwhile.
    """
    try:
        await delete_row(session, genre, exact=exact)
        await session.commit()
    except IntegrityError:
        raise ConflictError("There are movies of this genre.") from None


async def require_genres(session: AsyncSession, slugs: Collection[str]) -> None:
    """Make sure that genres exist.

    Raises:
        ConflictError: One does not.
    """
    found = set(await session.scalars(select(Genre.slug).where(Genre.slug.in_(slugs))))
    missing = sorted(set(slugs) - found)
    if missing:
        raise ConflictError(f"There is no genre {missing[0]!r}.")
