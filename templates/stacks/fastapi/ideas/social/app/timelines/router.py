"""The HTTP side of lists of posts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from app.auth.dependencies import CurrentUser
from app.cursors import CursorParameters
from app.database import Session
from app.lists import AnyRow, Listed
from app.openapi import problems
from app.posts.schemas import PostBody, PostPage
from app.profiles.paths import Handle
from app.schemas import TEXT_PATTERN, strict_boolean
from app.texts import SearchText
from app.timelines import service
from app.timelines.cache import Timelines

router = APIRouter(tags=["Timelines"], responses=problems(500, 503))

Page = Annotated[CursorParameters, Query()]


class ProfilePostsQuery(CursorParameters):
    """Which posts of somebody."""

    replies: Annotated[bool, strict_boolean] = False


class PostQuery(CursorParameters):
    """What to look for."""

    q: SearchText


def _page(listed: Listed[AnyRow]) -> PostPage:
    rows, following = listed
    return PostPage(items=[PostBody.of(row) for row in rows], next_cursor=following)


@router.get("/timelines/home", responses=problems(401, 422))
async def get_home_timeline(
    session: Session, timelines: Timelines, me: CurrentUser, page: Page
) -> PostPage:
    """Read the home timeline."""
    return _page(await service.home(session, timelines, me.id, page))


@router.get("/profiles/{handle}/posts", responses=problems(401, 403, 404, 422))
async def list_profile_posts(
    session: Session, me: CurrentUser, handle: Handle, query: Annotated[ProfilePostsQuery, Query()]
) -> PostPage:
    """Read a profile's posts."""
    return _page(await service.profile(session, me.id, handle, query, with_replies=query.replies))


@router.get("/posts/search", responses=problems(401, 422))
async def search_posts(
    session: Session, me: CurrentUser, query: Annotated[PostQuery, Query()]
) -> PostPage:
    """Find posts."""
    return _page(await service.search(session, me.id, query.q, query))


@router.get("/posts/{postId}/replies", responses=problems(401, 404, 422))
async def list_replies(
    session: Session, me: CurrentUser, post_id: Annotated[UUID, Path(alias="postId")], page: Page
) -> PostPage:
    """Read the replies."""
    return _page(await service.replies(session, me.id, post_id, page))


@router.get("/hashtags/{tag}/posts", responses=problems(401, 404, 422))
async def list_hashtag_posts(
    session: Session,
    me: CurrentUser,
    tag: Annotated[str, Path(min_length=1, max_length=100, pattern=TEXT_PATTERN)],
    page: Page,
) -> PostPage:
    """Read a hashtag."""
    return _page(await service.hashtag(session, me.id, tag, page))


@router.get("/bookmarks", responses=problems(401, 422))
async def list_bookmarks(session: Session, me: CurrentUser, page: Page) -> PostPage:
    """List own bookmarks."""
    return _page(await service.bookmarks(session, me.id, page))
