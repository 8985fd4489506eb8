"""What can be done with articles. Knows the database and nothing of HTTP."""

from collections import defaultdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.articles.models import Article, ArticleTag, ArticleView
from app.articles.schemas import (
    MAX_LISTED_TAGS,
    ArticleQuery,
    FeedQuery,
    NewArticle,
    UpdateArticle,
)
from app.articles.slugs import slug_of, with_ending
from app.clock import now
from app.favorites.models import Favorite
from app.field_errors import ForbiddenError, UnknownError
from app.inserts import insert_new
from app.profiles.models import Follow
from app.profiles.service import FOLLOWED
from app.users.models import User, username_key

# The statements that every reader needs are made once, and of tables: objects of the models would
# only be made to be read. Author, counts and marks come with each article in one query, and one
# more reads the tags of all of them: two, however many there are.
ARTICLES, USERS, FAVORITES = Article.__table__, User.__table__, Favorite.__table__
FAVORITES_COUNT = (
    select(func.count())
    .select_from(FAVORITES)
    .where(FAVORITES.c.article_id == ARTICLES.c.id)
    .scalar_subquery()
)
FAVORITED = exists().where(
    FAVORITES.c.article_id == ARTICLES.c.id, FAVORITES.c.user_id == bindparam("viewer_id")
)
# In the order of ArticleView.
SUMMARIES = select(
    ARTICLES.c.id,
    ARTICLES.c.slug,
    ARTICLES.c.title,
    ARTICLES.c.description,
    ARTICLES.c.created_at,
    ARTICLES.c.updated_at,
    USERS.c.username,
    USERS.c.bio,
    USERS.c.image,
    FAVORITES_COUNT,
    FAVORITED,
    FOLLOWED,
).join(USERS, USERS.c.id == ARTICLES.c.author_id)
PAGES = (
    SUMMARIES.order_by(ARTICLES.c.created_at.desc(), ARTICLES.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
WITH_BODY = SUMMARIES.add_columns(ARTICLES.c.body)
BY_ID = WITH_BODY.where(ARTICLES.c.id == bindparam("id"))
BY_SLUG = WITH_BODY.where(ARTICLES.c.slug == bindparam("slug"))
COUNT = select(func.count()).select_from(ARTICLES)
ARTICLE_TAGS = ArticleTag.__table__
TAGS = select(ARTICLE_TAGS.c.article_id, ARTICLE_TAGS.c.tag).where(
    ARTICLE_TAGS.c.article_id.in_(bindparam("ids", expanding=True))
)
FEED = Article.author_id.in_(
    select(Follow.followed_id).where(Follow.follower_id == bindparam("viewer_id"))
)


async def list_articles(
    session: AsyncSession, query: ArticleQuery, viewer_id: int
) -> tuple[list[ArticleView], int]:
    """Return a part of the articles that match a query, newest first, and how many match in all."""
    return await _list(session, _conditions(query), query, viewer_id)


async def get_feed(
    session: AsyncSession, query: FeedQuery, viewer_id: int
) -> tuple[list[ArticleView], int]:
    """Return a part of the articles of those whom the viewer follows, and how many there are."""
    return await _list(session, [FEED], query, viewer_id)


def _conditions(query: ArticleQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.tag:
        tagged = select(ArticleTag.article_id).where(ArticleTag.tag == query.tag)
        conditions.append(Article.id.in_(tagged))
    if query.author:
        author = select(User.id).where(User.username_key == username_key(query.author))
        conditions.append(Article.author_id == author.scalar_subquery())
    if query.favorited:
        fan = select(User.id).where(User.username_key == username_key(query.favorited))
        favorites = select(Favorite.article_id).where(Favorite.user_id == fan.scalar_subquery())
        conditions.append(Article.id.in_(favorites))
    return conditions


async def _list(
    session: AsyncSession,
    conditions: list[ColumnElement[bool]],
    query: FeedQuery,
    viewer_id: int,
) -> tuple[list[ArticleView], int]:
    page = PAGES.where(*conditions) if conditions else PAGES
    parameters = {"viewer_id": viewer_id, "limit": query.limit, "offset": query.offset}
    rows = (await session.execute(page, parameters)).all()
    tags = await _tags(session, [row.id for row in rows])
    views = [_viewed(row, tags) for row in rows]
    if query.offset == 0 and len(views) < query.limit:
        # Everything is on the first page: no need to ask for the number.
        return views, len(views)
    count = COUNT.where(*conditions) if conditions else COUNT
    return views, await session.scalar(count, {"viewer_id": viewer_id}) or 0


async def _tags(session: AsyncSession, ids: list[int]) -> dict[int, list[str]]:
    """Return the tags of articles in alphabetical order, by the articles' numbers."""
    tags = defaultdict(list)
    for article_id, tag in await session.execute(TAGS, {"ids": ids}):
        tags[article_id].append(tag)
    # Sorted here and not in the database, whose order depends on its locale.
    for each in tags.values():
        each.sort()
    return tags


async def get_article(session: AsyncSession, slug: str, viewer_id: int) -> ArticleView:
    """Return an article.

    Raises:
        UnknownError: There is none with this slug.
    """
    return await _view(session, BY_SLUG, {"slug": _checked(slug), "viewer_id": viewer_id})


async def _view(
    session: AsyncSession, statement: Select[*tuple[Any, ...]], parameters: dict[str, Any]
) -> ArticleView:
    row = (await session.execute(statement, parameters)).one_or_none()
    if row is None:
        raise UnknownError("article")
    tags = await _tags(session, [row.id])
    return _viewed(row, tags)


def _viewed(row: Any, tags: dict[int, list[str]]) -> ArticleView:
    return ArticleView(*row)._replace(tags=tags[row.id])


def _checked(slug: str) -> str:
    """Return the slug; PostgreSQL takes no text with U+0000, not even to look for it."""
    if "\0" in slug:
        raise UnknownError("article")
    return slug


async def get_body(session: AsyncSession, slug: str) -> str:
    """Return what an article says.

    Raises:
        UnknownError: There is none with this slug.
    """
    body = await session.scalar(select(Article.body).where(Article.slug == _checked(slug)))
    if body is None:
        raise UnknownError("article")
    return body


async def get_id(session: AsyncSession, slug: str) -> int:
    """Return an article's number.

    Raises:
        UnknownError: There is none with this slug.
    """
    article_id = await session.scalar(select(Article.id).where(Article.slug == _checked(slug)))
    if article_id is None:
        raise UnknownError("article")
    return article_id


async def create_article(session: AsyncSession, new: NewArticle, author_id: int) -> ArticleView:
    """Store a new article."""
    fields = new.model_dump()
    tags = fields.pop("tag_list", [])
    slug = slug_of(new.title)
    moment = now()
    values = {**fields, "author_id": author_id, "created_at": moment, "updated_at": moment}
    statement = insert_new(session, Article, returning="id")
    while (article_id := await session.scalar(statement, {**values, "slug": slug})) is None:
        slug = with_ending(slug_of(new.title))
    await _add_tags(session, article_id, tags)
    # Read before the commit: afterwards somebody could delete it at once.
    view = await _view(session, BY_ID, {"id": article_id, "viewer_id": author_id})
    await session.commit()
    return view


async def change_article(
    session: AsyncSession, slug: str, changes: UpdateArticle, user_id: int
) -> ArticleView:
    """Change the given fields of an article and no others.

    Raises:
        UnknownError: There is none with this slug.
        ForbiddenError: It belongs to somebody else.
    """
    article_id, title = await _own(session, slug, user_id)
    fields = changes.model_dump()
    if fields.get("title", title) != title:
        fields["slug"] = slug_of(fields["title"])
    if fields:
        try:
            await _update(session, article_id, fields)
        except IntegrityError:
            # Another article has the slug.
            await session.rollback()
            fields["slug"] = with_ending(fields["slug"])
            await _update(session, article_id, fields)
    return await _view(session, BY_ID, {"id": article_id, "viewer_id": user_id})


async def _update(session: AsyncSession, article_id: int, fields: dict[str, Any]) -> None:
    columns = {name: value for name, value in fields.items() if name != "tag_list"}
    # First of all, because it locks the article: of two who change its tags, one waits here.
    statement = (
        update(Article)
        .where(Article.id == article_id)
        .values(**columns, updated_at=now())
        .returning(Article.id)
    )
    if await session.scalar(statement) is None:
        raise UnknownError("article")
    if "tag_list" in fields:
        await session.execute(delete(ArticleTag).where(ArticleTag.article_id == article_id))
        await _add_tags(session, article_id, fields["tag_list"])
    await session.commit()


async def _add_tags(session: AsyncSession, article_id: int, tags: list[str]) -> None:
    if tags:
        rows = [{"article_id": article_id, "tag": tag} for tag in tags]
        await session.execute(insert(ArticleTag), rows)


async def delete_article(session: AsyncSession, slug: str, user_id: int) -> None:
    """Delete an article; the database deletes its comments, tags and marks.

    Raises:
        UnknownError: There is none with this slug.
        ForbiddenError: It belongs to somebody else.
    """
    article_id, _ = await _own(session, slug, user_id)
    statement = delete(Article).where(Article.id == article_id).returning(Article.id)
    if await session.scalar(statement) is None:
        raise UnknownError("article")
    await session.commit()


async def _own(session: AsyncSession, slug: str, user_id: int) -> tuple[int, str]:
    """Return number and title of an article, if it belongs to the user.

    Raises:
        UnknownError: There is none with this slug.
        ForbiddenError: It belongs to somebody else.
    """
    statement = select(Article.id, Article.title, Article.author_id).where(
        Article.slug == _checked(slug)
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise UnknownError("article")
    article_id, title, author_id = found
    if author_id != user_id:
        raise ForbiddenError("article")
    return article_id, title


async def list_tags(session: AsyncSession) -> list[str]:
    """Return the tags with the most articles, in alphabetical order."""
    statement = (
        select(ArticleTag.tag)
        .group_by(ArticleTag.tag)
        .order_by(func.count().desc(), ArticleTag.tag)
        .limit(MAX_LISTED_TAGS)
    )
    return sorted(await session.scalars(statement))
