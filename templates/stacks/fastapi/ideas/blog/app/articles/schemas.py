"""What clients send and get."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import MISSING, AfterValidator, Field

from app.articles.models import ArticleView
from app.profiles.schemas import ProfileBody
from app.schemas import (
    MAX_INT32,
    TEXT_PATTERN,
    QueryParameters,
    RequestBody,
    ResponseBody,
    Text,
    strict_integer,
)
from app.texts import (
    WRITTEN_PATTERN,
    Written,
    at_most,
    documented,
    line_pattern,
    not_blank,
    required,
    trimmed,
)

MAX_TITLE, MAX_DESCRIPTION, MAX_BODY, MAX_TAG = 200, 500, 50_000, 50
MAX_TAGS = 20
MAX_LIMIT = 100
MAX_LISTED_TAGS = 1000

Title = Annotated[
    Text, not_blank, AfterValidator(trimmed(MAX_TITLE)), documented(line_pattern(MAX_TITLE))
]
Description = Annotated[
    Text,
    not_blank,
    AfterValidator(trimmed(MAX_DESCRIPTION)),
    documented(line_pattern(MAX_DESCRIPTION)),
]
Body = Annotated[
    Written, AfterValidator(at_most(MAX_BODY)), documented(WRITTEN_PATTERN, maxLength=MAX_BODY)
]
Tag = Annotated[
    Text, not_blank, AfterValidator(trimmed(MAX_TAG)), documented(line_pattern(MAX_TAG))
]


def _without_doubles(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


TagList = Annotated[
    list[Tag], Field(max_length=MAX_TAGS), AfterValidator(_without_doubles), required
]
# Front ends send an article back as they got it, with what only the service decides.
Ignored = Annotated[Any, Field(exclude=True)]


class SentBack(RequestBody):
    """The fields of an article that are accepted and ignored."""

    slug: Ignored = None
    created_at: Ignored = None
    updated_at: Ignored = None
    favorited: Ignored = None
    favorites_count: Ignored = None
    author: Ignored = None


class NewArticle(SentBack):
    """An article to publish."""

    title: Title
    description: Description
    body: Body
    tag_list: TagList | MISSING = MISSING


class NewArticleRequest(RequestBody):
    """An article to publish."""

    article: Annotated[NewArticle, required]


class UpdateArticle(SentBack):
    """The fields of an article to change; the others stay as they are."""

    title: Title | MISSING = MISSING
    description: Description | MISSING = MISSING
    body: Body | MISSING = MISSING
    tag_list: TagList | MISSING = MISSING


class UpdateArticleRequest(RequestBody):
    """An article to change."""

    article: Annotated[UpdateArticle, required]


class FeedQuery(QueryParameters):
    """Which part of a list."""

    limit: Annotated[
        int,
        Field(ge=1, le=MAX_LIMIT, description="How many articles are answered at most."),
        strict_integer,
    ] = 20
    offset: Annotated[
        int,
        Field(ge=0, le=MAX_INT32, description="How many of the newest articles are left out."),
        strict_integer,
    ] = 0


Filter = Annotated[str | None, Field(max_length=50, pattern=TEXT_PATTERN)]


class ArticleQuery(FeedQuery):
    """Which articles, and which part of their list. An empty filter is none."""

    tag: Filter = None
    author: Filter = None
    favorited: Filter = None


class ArticleSummary(ResponseBody):
    """An article without its body, as it is in lists."""

    slug: Annotated[str, Field(max_length=100, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: str
    description: str
    tag_list: Annotated[Sequence[str], Field(max_length=MAX_TAGS)]
    created_at: datetime
    updated_at: datetime
    favorited: bool
    favorites_count: Annotated[int, Field(ge=0)]
    author: ProfileBody

    @staticmethod
    def fields_of(view: ArticleView) -> dict[str, Any]:
        """Return the values of these fields."""
        return {
            "slug": view.slug,
            "title": view.title,
            "description": view.description,
            "tag_list": view.tags,
            "created_at": view.created_at,
            "updated_at": view.updated_at,
            "favorited": view.favorited,
            "favorites_count": view.favorites_count,
            "author": ProfileBody(
                username=view.username, bio=view.bio, image=view.image, following=view.following
            ),
        }


class ArticleBody(ArticleSummary):
    """An article."""

    body: str


class ArticleResponse(ResponseBody):
    """An article."""

    article: ArticleBody

    @classmethod
    def of(cls, view: ArticleView) -> "ArticleResponse":
        """Return an article as a user sees it."""
        fields = ArticleSummary.fields_of(view)
        return cls(article=ArticleBody(**fields, body=view.body))


class ArticlesResponse(ResponseBody):
    """Some of the articles that were asked for, and the number of all."""

    articles: Annotated[list[ArticleSummary], Field(max_length=MAX_LIMIT)]
    articles_count: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, views: list[ArticleView], count: int) -> "ArticlesResponse":
        """Return a part of a list."""
        articles = [ArticleSummary(**ArticleSummary.fields_of(view)) for view in views]
        return cls(articles=articles, articles_count=count)


class TagsResponse(ResponseBody):
    """The tags in use."""

    tags: Annotated[list[str], Field(max_length=MAX_LISTED_TAGS)]
