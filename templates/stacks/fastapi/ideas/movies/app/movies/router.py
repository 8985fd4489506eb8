"""The HTTP side of movies, and of what belongs to one movie."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response, status

from app.auth.dependencies import EDITOR, CurrentUser, Read
from app.caching import CACHED_ITEM, CACHED_LIST, TAGGED, ItemCache, ListCache
from app.credits import service as credits_service
from app.credits.schemas import CreditBody, NewCast, NewCrew
from app.database import Session
from app.etags import IfMatch, require_match
from app.location import Locate
from app.movies import service
from app.movies.schemas import MovieBody, MovieChanges, MovieFields, MovieQuery, NewMovie
from app.openapi import header, problems
from app.pages import Page, PageParameters
from app.reviews import service as reviews_service
from app.reviews.schemas import NewReview, ReviewBody

router = APIRouter(prefix="/movies", tags=["Movies"], responses=problems(500, 503))

MovieId = Annotated[UUID, Path(alias="id", description="The movie's id.")]
CREATED = {"headers": {**TAGGED, "Location": header("string")}}
CREDIT_CREATED = {"headers": {"Location": header("string")}}


@router.get("", response_model=Page[MovieFields], responses={**CACHED_LIST, **problems(401, 422)})
async def list_movies(
    read: Read, cache: ListCache, query: Annotated[MovieQuery, Query()]
) -> Response:
    """List movies."""
    movies, total = await service.list_movies(read.session, query)
    items = [MovieFields.of(movie, query.fields) for movie in movies]
    return cache.answer(Page[MovieFields].of(items, query, total))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[EDITOR],
    responses={201: CREATED, **problems(400, 401, 403, 409, 413, 415, 422)},
)
async def create_movie(
    response: Response, locate: Locate, session: Session, new: NewMovie
) -> MovieBody:
    """Create a movie."""
    movie = await service.create_movie(session, new)
    locate("get_movie", id=str(movie.id))
    response.headers["ETag"] = movie.etag
    return MovieBody.of(movie)


@router.get("/{id}", response_model=MovieBody, responses={**CACHED_ITEM, **problems(401, 404, 422)})
async def get_movie(read: Read, cache: ItemCache, movie_id: MovieId) -> Response:
    """Read a movie."""
    movie = await service.get_movie(read.session, movie_id)
    return cache.answer_item(MovieBody.of(movie), movie.etag, movie.updated_at)


@router.patch(
    "/{id}",
    dependencies=[EDITOR],
    responses={
        200: {"headers": TAGGED},
        **problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    },
)
async def change_movie(
    response: Response,
    session: Session,
    movie_id: MovieId,
    changes: MovieChanges,
    if_match: IfMatch = None,
) -> MovieBody:
    """Change fields of a movie."""
    movie = await service.get_movie(session, movie_id)
    require_match(if_match, movie.etag)
    movie = await service.change_movie(session, movie, changes, exact=if_match is not None)
    response.headers["ETag"] = movie.etag
    return MovieBody.of(movie)


@router.delete(
    "/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[EDITOR],
    responses=problems(401, 403, 404, 412, 422),
)
async def delete_movie(session: Session, movie_id: MovieId, if_match: IfMatch = None) -> None:
    """Delete a movie."""
    movie = await service.get_movie(session, movie_id)
    require_match(if_match, movie.etag)
    await service.delete_movie(session, movie, exact=if_match is not None)


@router.get(
    "/{id}/credits",
    tags=["Credits"],
    response_model=Page[CreditBody],
    responses={**CACHED_LIST, **problems(401, 404, 422)},
)
async def list_movie_credits(
    read: Read,
    cache: ListCache,
    movie_id: MovieId,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """List the cast in its order, then the crew."""
    await service.get_movie(read.session, movie_id)
    found, total = await credits_service.list_of_movie(read.session, movie_id, parameters)
    items = [CreditBody.of(credit) for credit in found]
    return cache.answer(Page[CreditBody].of(items, parameters, total))


@router.post(
    "/{id}/cast",
    tags=["Credits"],
    status_code=status.HTTP_201_CREATED,
    dependencies=[EDITOR],
    responses={201: CREDIT_CREATED, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
)
async def add_cast(
    locate: Locate,
    session: Session,
    movie_id: MovieId,
    new: NewCast,
) -> CreditBody:
    """Add somebody to the cast."""
    movie = await service.get_movie(session, movie_id)
    credit = CreditBody.of(await credits_service.add_cast(session, movie, new))
    locate("get_credit", id=str(credit.id))
    return credit


@router.post(
    "/{id}/crew",
    tags=["Credits"],
    status_code=status.HTTP_201_CREATED,
    dependencies=[EDITOR],
    responses={201: CREDIT_CREATED, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
)
async def add_crew(
    locate: Locate,
    session: Session,
    movie_id: MovieId,
    new: NewCrew,
) -> CreditBody:
    """Add somebody to the crew."""
    movie = await service.get_movie(session, movie_id)
    credit = CreditBody.of(await credits_service.add_crew(session, movie, new))
    locate("get_credit", id=str(credit.id))
    return credit


@router.get(
    "/{id}/reviews",
    tags=["Reviews"],
    response_model=Page[ReviewBody],
    responses={**CACHED_LIST, **problems(401, 404, 422)},
)
async def list_movie_reviews(
    read: Read,
    cache: ListCache,
    movie_id: MovieId,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """List the reviews of a movie, the newest first."""
    await service.get_movie(read.session, movie_id)
    reviews, total = await reviews_service.list_of_movie(read.session, movie_id, parameters)
    items = [ReviewBody.of(review) for review in reviews]
    return cache.answer(Page[ReviewBody].of(items, parameters, total))


@router.post(
    "/{id}/reviews",
    tags=["Reviews"],
    status_code=status.HTTP_201_CREATED,
    responses={201: CREATED, **problems(400, 401, 404, 409, 413, 415, 422)},
)
async def create_review(  # noqa: PLR0913, PLR0917 - what FastAPI brings
    response: Response,
    locate: Locate,
    session: Session,
    me: CurrentUser,
    movie_id: MovieId,
    new: NewReview,
) -> ReviewBody:
    """Review a movie."""
    review = await reviews_service.create_review(session, me.user, movie_id, new)
    locate("get_review", id=str(review.id))
    response.headers["ETag"] = review.etag
    return ReviewBody.of(review)
