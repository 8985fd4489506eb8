"""The HTTP side of articles and tags."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, status
from fastapi.responses import HTMLResponse

from app.articles import service
from app.articles.markdown import to_html
from app.articles.schemas import (
    ArticleQuery,
    ArticleResponse,
    ArticlesResponse,
    FeedQuery,
    NewArticleRequest,
    TagsResponse,
    UpdateArticleRequest,
)
from app.auth.dependencies import UserId, ViewerId
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.texts import in_path

articles = APIRouter(prefix="/articles", tags=["Articles"], responses=problems(500, 503))
tags = APIRouter(prefix="/tags", tags=["Tags"], responses=problems(500, 503))

Slug = Annotated[str, Path(description="The article's slug."), in_path(100)]


@articles.get("", responses=problems(401, 422))
async def list_articles(
    session: Session, viewer_id: ViewerId, query: Annotated[ArticleQuery, Query()]
) -> ArticlesResponse:
    """List articles, newest first."""
    return ArticlesResponse.of(*await service.list_articles(session, query, viewer_id))


@articles.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 401, 413, 415, 422),
    },
)
async def create_article(
    session: Session,
    locate: Locate,
    user_id: UserId,
    new: NewArticleRequest,
) -> ArticleResponse:
    """Publish an article."""
    view = await service.create_article(session, new.article, user_id)
    locate("get_article", slug=view.slug)
    return ArticleResponse.of(view)


# Before /{slug}, which would take "feed" for a slug.
@articles.get("/feed", responses=problems(401, 422))
async def get_feed(
    session: Session, user_id: UserId, query: Annotated[FeedQuery, Query()]
) -> ArticlesResponse:
    """List the articles of people you follow, newest first."""
    return ArticlesResponse.of(*await service.get_feed(session, query, user_id))


@articles.get("/{slug:slug}", responses=problems(401, 404))
async def get_article(session: Session, viewer_id: ViewerId, slug: Slug) -> ArticleResponse:
    """Read an article."""
    return ArticleResponse.of(await service.get_article(session, slug, viewer_id))


@articles.put("/{slug:slug}", responses=problems(400, 401, 403, 404, 413, 415, 422))
async def update_article(
    session: Session, user_id: UserId, slug: Slug, changes: UpdateArticleRequest
) -> ArticleResponse:
    """Change an article of yours."""
    view = await service.change_article(session, slug, changes.article, user_id)
    return ArticleResponse.of(view)


@articles.delete(
    "/{slug:slug}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403, 404)
)
async def delete_article(session: Session, user_id: UserId, slug: Slug) -> None:
    """Delete an article of yours."""
    await service.delete_article(session, slug, user_id)


@articles.get("/{slug:slug}/html", response_class=HTMLResponse, responses=problems(404))
async def get_article_html(session: Session, slug: Slug) -> HTMLResponse:
    """Read an article's body as HTML."""
    body = await service.get_body(session, slug)
    # In a thread: a long article must not keep the other requests waiting.
    return HTMLResponse(await asyncio.to_thread(to_html, body))


@tags.get("")
async def list_tags(session: Session) -> TagsResponse:
    """List the tags in use."""
    return TagsResponse(tags=await service.list_tags(session))
