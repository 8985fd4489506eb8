"""Marking articles."""

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.articles.models import ArticleView
from app.articles.service import get_article, get_id
from app.favorites.models import Favorite
from app.field_errors import UnknownError
from app.inserts import insert_new


async def favorite(session: AsyncSession, slug: str, user_id: int) -> ArticleView:
    """Make an article a favorite; it changes nothing when it is one already.

    Raises:
        UnknownError: There is no article with this slug.
    """
    article_id = await get_id(session, slug)
    try:
        values = {"user_id": user_id, "article_id": article_id}
        await session.execute(insert_new(session, Favorite), values)
    except IntegrityError:
        # It was deleted a moment ago.
        raise UnknownError("article") from None
    await session.commit()
    return await get_article(session, slug, user_id)


async def unfavorite(session: AsyncSession, slug: str, user_id: int) -> ArticleView:
    """Take the mark away; it changes nothing when there is none.

    Raises:
        UnknownError: There is no article with this slug.
    """
    article_id = await get_id(session, slug)
    await session.execute(
        delete(Favorite).where(Favorite.user_id == user_id, Favorite.article_id == article_id)
    )
    await session.commit()
    return await get_article(session, slug, user_id)
