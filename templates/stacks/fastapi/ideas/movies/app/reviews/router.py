"""The HTTP side of a single review; app/movies/router.py lists and creates them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response, status

from app.auth.dependencies import CurrentUser, Read
from app.caching import CACHED_ITEM, TAGGED, ItemCache
from app.database import Session
from app.etags import IfMatch, require_match
from app.openapi import problems
from app.reviews import service
from app.reviews.models import Review
from app.reviews.schemas import ReviewBody, ReviewChanges

router = APIRouter(prefix="/reviews", tags=["Reviews"], responses=problems(500, 503))

ReviewId = Annotated[UUID, Path(alias="id", description="The review's id.")]


async def get_own_review(session: Session, me: CurrentUser, review_id: ReviewId) -> Review:
    """Return the review of the path, which must be by whoever asks."""
    return await service.get_own_review(session, me.user, review_id)


OwnReview = Annotated[Review, Depends(get_own_review)]


@router.get(
    "/{id}", response_model=ReviewBody, responses={**CACHED_ITEM, **problems(401, 404, 422)}
)
async def get_review(read: Read, cache: ItemCache, review_id: ReviewId) -> Response:
    """Read a review."""
    review = await service.get_review(read.session, review_id)
    return cache.answer_item(ReviewBody.of(review), review.etag, review.updated_at)


@router.patch(
    "/{id}",
    responses={
        200: {"headers": TAGGED},
        **problems(400, 401, 403, 404, 412, 413, 415, 422),
    },
)
async def change_review(
    response: Response,
    session: Session,
    review: OwnReview,
    changes: ReviewChanges,
    if_match: IfMatch = None,
) -> ReviewBody:
    """Change one's own review."""
    require_match(if_match, review.etag)
    review = await service.change_review(session, review, changes, exact=if_match is not None)
    response.headers["ETag"] = review.etag
    return ReviewBody.of(review)


@router.delete(
    "/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403, 404, 412, 422),
)
async def delete_review(session: Session, review: OwnReview, if_match: IfMatch = None) -> None:
    """Delete one's own review."""
    require_match(if_match, review.etag)
    await service.delete_review(session, review, exact=if_match is not None)
