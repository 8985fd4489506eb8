"""Commenting on articles."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from app.articles.service import get_id
from app.clock import now
from app.comments.models import Comment
from app.comments.schemas import MAX_LISTED, NewComment
from app.field_errors import ForbiddenError, UnknownError
from app.profiles.service import FOLLOWED

# Comments with their authors, and whether the viewer follows them.
COMMENTS = select(Comment, FOLLOWED).join(Comment.author).options(contains_eager(Comment.author))


async def list_comments(
    session: AsyncSession, slug: str, viewer_id: int
) -> list[tuple[Comment, bool]]:
    """Return the newest comments on an article, and whether the viewer follows their authors.

    Raises:
        UnknownError: There is no article with this slug.
    """
    article_id = await get_id(session, slug)
    statement = (
        COMMENTS.where(Comment.article_id == article_id)
        .order_by(Comment.id.desc())
        .limit(MAX_LISTED)
    )
    found = await session.execute(statement, {"viewer_id": viewer_id})
    return [(comment, following) for comment, following in found]


async def create_comment(
    session: AsyncSession, slug: str, new: NewComment, author_id: int
) -> tuple[Comment, bool]:
    """Store a new comment; return it, and whether its author follows themselves.

    Raises:
        UnknownError: There is no article with this slug.
    """
    article_id = await get_id(session, slug)
    comment = Comment(article_id=article_id, author_id=author_id, body=new.body, created_at=now())
    session.add(comment)
    try:
        await session.flush()
    except IntegrityError:
        # The article was deleted a moment ago.
        raise UnknownError("article") from None
    # Read before the commit: afterwards somebody could delete it at once.
    statement = COMMENTS.where(Comment.id == comment.id)
    comment, following = (await session.execute(statement, {"viewer_id": author_id})).one()
    await session.commit()
    return comment, following


async def delete_comment(session: AsyncSession, slug: str, comment_id: int, user_id: int) -> None:
    """Delete a comment.

    Raises:
        UnknownError: There is no article with this slug, or no such comment on it.
        ForbiddenError: It belongs to somebody else.
    """
    article_id = await get_id(session, slug)
    author_id = await session.scalar(
        select(Comment.author_id).where(Comment.id == comment_id, Comment.article_id == article_id)
    )
    if author_id is None:
        raise UnknownError("comment")
    if author_id != user_id:
        raise ForbiddenError("comment")
    statement = delete(Comment).where(Comment.id == comment_id).returning(Comment.id)
    if await session.scalar(statement) is None:
        raise UnknownError("comment")
    await session.commit()
