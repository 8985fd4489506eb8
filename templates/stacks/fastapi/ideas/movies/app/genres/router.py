"""The HTTP side of genres."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status

from app.auth.dependencies import EDITOR, Read
from app.caching import CACHED_ITEM, CACHED_LIST, TAGGED, ItemCache, ListCache
from app.database import Session
from app.etags import IfMatch, PreconditionFailedError, require_match
from app.genres import service
from app.genres.schemas import GenreBody, GenreName, Slug
from app.location import Locate
from app.openapi import header, problems
from app.pages import Page, PageParameters

router = APIRouter(prefix="/genres", tags=["Genres"], responses=problems(500, 503))

GenreSlug = Annotated[Slug, Path(alias="slug", description="The genre's slug.")]


@router.get("", response_model=Page[GenreBody], responses={**CACHED_LIST, **problems(401, 422)})
async def list_genres(
    read: Read, cache: ListCache, parameters: Annotated[PageParameters, Query()]
) -> Response:
    """List genres by name."""
    genres, total = await service.list_genres(read.session, parameters)
    items = [GenreBody.of(genre) for genre in genres]
    return cache.answer(Page[GenreBody].of(items, parameters, total))


@router.get(
    "/{slug}", response_model=GenreBody, responses={**CACHED_ITEM, **problems(401, 404, 422)}
)
async def get_genre(read: Read, cache: ItemCache, slug: GenreSlug) -> Response:
    """Read a genre."""
    genre = await service.get_genre(read.session, slug)
    return cache.answer_item(GenreBody.of(genre), genre.etag, genre.updated_at)


@router.put(
    "/{slug}",
    dependencies=[EDITOR],
    responses={
        200: {"headers": TAGGED},
        201: {"headers": {**TAGGED, "Location": header("string")}, "model": GenreBody},
        **problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    },
)
async def put_genre(  # noqa: PLR0913, PLR0917 - what FastAPI brings
    response: Response,
    locate: Locate,
    session: Session,
    slug: GenreSlug,
    body: GenreName,
    if_match: IfMatch = None,
) -> GenreBody:
    """Create or rename a genre."""
    genre = await service.find_genre(session, slug)
    if genre is None:
        if if_match is not None:
            raise PreconditionFailedError
        genre = await service.create_genre(session, slug, body.name)
        response.status_code = status.HTTP_201_CREATED
        locate("get_genre", slug=slug)
    else:
        require_match(if_match, genre.etag)
        exact = if_match is not None
        genre = await service.rename_genre(session, genre, body.name, exact=exact)
    response.headers["ETag"] = genre.etag
    return GenreBody.of(genre)


@router.delete(
    "/{slug}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[EDITOR],
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def delete_genre(session: Session, slug: GenreSlug, if_match: IfMatch = None) -> None:
    """Delete a genre."""
    genre = await service.get_genre(session, slug)
    require_match(if_match, genre.etag)
    await service.delete_genre(session, genre, exact=if_match is not None)
