"""The HTTP side of favorites."""

from fastapi import APIRouter

from app.articles.router import Slug
from app.articles.schemas import ArticleResponse
from app.auth.dependencies import UserId
from app.database import Session
from app.favorites import service
from app.openapi import problems

router = APIRouter(
    prefix="/articles/{slug}/favorite",
    tags=["Favorites"],
    responses=problems(401, 404, 500, 503),
)


@router.post("")
async def favorite_article(session: Session, user_id: UserId, slug: Slug) -> ArticleResponse:
    """Mark an article as a favorite."""
    return ArticleResponse.of(await service.favorite(session, slug, user_id))


@router.delete("")
async def unfavorite_article(session: Session, user_id: UserId, slug: Slug) -> ArticleResponse:
    """Take the mark away."""
    return ArticleResponse.of(await service.unfavorite(session, slug, user_id))
