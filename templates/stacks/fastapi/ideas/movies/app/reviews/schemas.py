"""What clients send and get about reviews."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, Field

from app.reviews.models import Review
from app.schemas import RequestBody, ResponseBody, json_integer
from app.texts import LongText

Rating = Annotated[int, Field(ge=1, le=10), json_integer]


class NewReview(RequestBody):
    """A review to write."""

    rating: Rating
    text: LongText = ""


class ReviewChanges(RequestBody):
    """The fields of a review to change; the others stay as they are."""

    rating: Rating | MISSING = MISSING
    text: LongText | MISSING = MISSING


class ReviewBody(ResponseBody):
    """A review."""

    id: UUID
    movie_id: UUID
    author: str | None
    rating: Annotated[int, Field(ge=1, le=10)]
    text: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, review: Review) -> "ReviewBody":
        """Return a stored review."""
        return cls(
            id=review.id,
            movie_id=review.movie_id,
            author=review.author.username if review.author else None,
            rating=review.rating,
            text=review.text,
            created_at=review.created_at,
            updated_at=review.updated_at,
        )
