"""What can be done with reviews. Knows the database and nothing of HTTP.

A review and the movie's rating change in one transaction. Each of them takes the movie's row
first: whoever writes another review of the same movie waits there, and all take their locks in
the same order, so that nobody waits for somebody who waits for them.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.clock import now
from app.errors import NotFoundError
from app.movies.models import Movie
from app.pages import PageParameters, fetch_page
from app.refusals import ConflictError, ForbiddenError
from app.reviews.models import Review
from app.reviews.schemas import NewReview, ReviewChanges
from app.users.models import User
from app.versions import change_row, delete_row

UNKNOWN_ID = "There is no review with this id."
UNKNOWN_MOVIE = "There is no movie with this id."


def _with_author() -> Select[Review]:
    return select(Review).options(joinedload(Review.author).load_only(User.username))


async def list_of_movie(
    session: AsyncSession, movie_id: UUID, parameters: PageParameters
) -> tuple[Sequence[Review], int]:
    """Return one page of a movie's reviews, and how many it has."""
    statement = (
        _with_author()
        .where(Review.movie_id == movie_id)
        .order_by(Review.created_at.desc(), Review.id.desc())
    )
    return await fetch_page(session, statement, parameters)


async def get_review(session: AsyncSession, review_id: UUID) -> Review:
    """Return a review.

    Raises:
        NotFoundError: There is none with this id.
    """
    review: Review | None = await session.scalar(_with_author().where(Review.id == review_id))
    if review is None:
        raise NotFoundError(UNKNOWN_ID)
    return review


async def get_own_review(session: AsyncSession, user: User, review_id: UUID) -> Review:
    """Return a review by a user.

    Raises:
        NotFoundError: There is none with this id.
        ForbiddenError: Somebody else has written it.
    """
    review = await get_review(session, review_id)
    if review.user_id != user.id:
        raise ForbiddenError("Somebody else has written this review.")
    return review


async def create_review(
    session: AsyncSession, user: User, movie_id: UUID, new: NewReview
) -> Review:
    """Store a review and count it.

    Raises:
        NotFoundError: There is no such movie.
        ConflictError: The user has reviewed it already.
    """
    await _add_to_rating(session, movie_id, rating=new.rating, reviews=1)
    review = Review(movie_id=movie_id, user_id=user.id, rating=new.rating, text=new.text)
    session.add(review)
    try:
        await session.commit()
    except IntegrityError:
        raise ConflictError("You have reviewed this movie already; change that review.") from None
    # Known already; GraphQL reads the user in another session.
    set_committed_value(review, "author", user)
    return review


async def change_review(
    session: AsyncSession, review: Review, changes: ReviewChanges, *, exact: bool
) -> Review:
    """Change the given fields of a review and no others, and count the difference.

    Raises:
        PreconditionFailedError: With `exact`: it has changed since it was read.
        NotFoundError: It has been deleted meanwhile.
    """
    values = changes.model_dump()
    if not values:
        return review
    before = await _locked_rating(session, review)
    await change_row(session, review, values, exact=exact)
    await _add_to_rating(session, review.movie_id, rating=review.rating - before, reviews=0)
    await session.commit()
    return review


async def delete_review(session: AsyncSession, review: Review, *, exact: bool) -> None:
    """Delete a review and count it no more.

    Raises:
        PreconditionFailedError: With `exact`: it has changed since it was read.
        NotFoundError: It has been deleted meanwhile.
    """
    before = await _locked_rating(session, review)
    await delete_row(session, review, exact=exact)
    await _add_to_rating(session, review.movie_id, rating=-before, reviews=-1)
    await session.commit()


async def _locked_rating(session: AsyncSession, review: Review) -> int:
    """Lock the review's movie, and return the review's rating as it is now.

    An UPDATE that changes nothing locks on every database; SQLite has no SELECT FOR UPDATE.
    """
    movie = update(Movie).where(Movie.id == review.movie_id).values(version=Movie.version)
    await session.execute(movie.execution_options(synchronize_session=False))
    rating = await session.scalar(select(Review.rating).where(Review.id == review.id))
    if rating is None:
        raise NotFoundError(UNKNOWN_ID)
    return rating


async def _add_to_rating(
    session: AsyncSession, movie_id: UUID, *, rating: int, reviews: int
) -> None:
    """Change a movie's rating by what the database has at that moment, never by what was read."""
    total = Movie.rating_sum + rating
    count = Movie.review_count + reviews
    values: dict[str, Any] = {
        "rating_sum": total,
        "review_count": count,
        "rating": case((count == 0, 0.0), else_=func.round(total * 100.0 / count) / 100.0),
        "version": Movie.version + 1,
        "updated_at": now(),
    }
    statement = update(Movie).where(Movie.id == movie_id).values(**values).returning(Movie.id)
    changed = await session.scalar(statement.execution_options(synchronize_session=False))
    if changed is None:
        raise NotFoundError(UNKNOWN_MOVIE)
