"""The HTTP side of posts; app/timelines/router.py lists them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.auth.dependencies import LIMITED, CurrentUser
from app.cursors import CursorParameters
from app.database import Session
from app.location import Locate
from app.media.storage import MediaStorage
from app.openapi import header, problems
from app.posts import service
from app.posts.schemas import NewPost, PostBody, PostChanges, VersionBody, VersionList
from app.profiles.schemas import ProfilePage, profile_page
from app.timelines.cache import Timelines

router = APIRouter(prefix="/posts", tags=["Posts"], responses=problems(500, 503))

PostId = Annotated[UUID, Path(alias="postId")]
NO_CONTENT: dict[str, Any] = {
    "status_code": status.HTTP_204_NO_CONTENT,
    "responses": problems(401, 404),
}


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[LIMITED],
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 401, 404, 413, 415, 422, 429),
    },
)
async def create_post(
    session: Session, timelines: Timelines, locate: Locate, me: CurrentUser, new: NewPost
) -> PostBody:
    """Post."""
    post = await service.create_post(session, timelines, me.user, new)
    locate("get_post", postId=str(post.id))
    return PostBody.new(post, me.user)


@router.get("/{postId:uuid}", responses=problems(401, 404))
async def get_post(session: Session, me: CurrentUser, post_id: PostId) -> PostBody:
    """Read a post."""
    return PostBody.of(await service.show_post(session, me.id, post_id))


@router.patch("/{postId:uuid}", responses=problems(400, 401, 403, 404, 409, 413, 415, 422))
async def change_post(
    session: Session, me: CurrentUser, post_id: PostId, changes: PostChanges
) -> PostBody:
    """Change a post."""
    await service.change_post(session, me.user, post_id, changes.text)
    return PostBody.of(await service.show_post(session, me.id, post_id))


@router.delete(
    "/{postId:uuid}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403, 404)
)
async def delete_post(
    session: Session, storage: MediaStorage, me: CurrentUser, post_id: PostId
) -> None:
    """Delete a post."""
    await storage.delete(await service.delete_post(session, me.user, post_id))


@router.get("/{postId}/history", responses=problems(401, 404))
async def get_post_history(session: Session, me: CurrentUser, post_id: PostId) -> VersionList:
    """Read a post's history."""
    versions = await service.list_versions(session, me.id, post_id)
    return VersionList(
        items=[VersionBody(text=each.text, replaced_at=each.replaced_at) for each in versions]
    )


@router.get("/{postId}/likes", responses=problems(401, 404, 422))
async def list_likes(
    session: Session,
    me: CurrentUser,
    post_id: PostId,
    page: Annotated[CursorParameters, Query()],
) -> ProfilePage:
    """List who likes a post."""
    return profile_page(await service.list_likes(session, me.id, post_id, page))


@router.put("/{postId}/like", dependencies=[LIMITED], responses=problems(401, 404, 429))
async def like_post(session: Session, me: CurrentUser, post_id: PostId) -> PostBody:
    """Like a post."""
    await service.like(session, me.user, post_id)
    return PostBody.of(await service.show_post(session, me.id, post_id))


@router.delete("/{postId}/like", **NO_CONTENT)
async def unlike_post(session: Session, me: CurrentUser, post_id: PostId) -> None:
    """Take a like back."""
    await service.unlike(session, me.user, post_id)


@router.put("/{postId}/repost", dependencies=[LIMITED], responses=problems(401, 403, 404, 429))
async def repost_post(
    session: Session, timelines: Timelines, me: CurrentUser, post_id: PostId
) -> PostBody:
    """Repost a post."""
    await service.repost(session, timelines, me.user, post_id)
    return PostBody.of(await service.show_post(session, me.id, post_id))


@router.delete("/{postId}/repost", **NO_CONTENT)
async def unrepost_post(
    session: Session, timelines: Timelines, me: CurrentUser, post_id: PostId
) -> None:
    """Take a repost back."""
    await service.unrepost(session, timelines, me.user, post_id)


@router.put("/{postId}/bookmark", dependencies=[LIMITED], responses=problems(401, 404, 429))
async def bookmark_post(session: Session, me: CurrentUser, post_id: PostId) -> PostBody:
    """Bookmark a post."""
    await service.bookmark(session, me.user, post_id)
    return PostBody.of(await service.show_post(session, me.id, post_id))


@router.delete("/{postId}/bookmark", **NO_CONTENT)
async def unbookmark_post(session: Session, me: CurrentUser, post_id: PostId) -> None:
    """Take a bookmark back."""
    await service.unbookmark(session, me.user, post_id)
