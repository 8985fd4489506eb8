"""What can be done with images. Knows the database and the store, and nothing of HTTP."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import NotFoundError
from app.media.images import EXTENSIONS, MEDIA_TYPES, THUMBNAIL, prepare
from app.media.models import Media
from app.media.storage import Storage
from app.users.models import User

UNUSED = timedelta(days=1)
# How many forgotten images one upload clears away: more than it adds, and soon done.
SWEEP = 20


async def store(session: AsyncSession, storage: Storage, user_id: UUID, data: bytes) -> Media:
    """Keep an image with its thumbnail.

    Raises:
        InvalidInputError: It is not an image that we take.
        StorageUnavailableError: It cannot be kept now.
    """
    prepared = await prepare(data)
    await sweep(session, storage)
    name = uuid4().hex
    media = Media(
        id=uuid4(),
        user_id=user_id,
        file=f"{name}.{EXTENSIONS[prepared.format]}",
        thumbnail=f"{name}-{THUMBNAIL}.webp",
        width=prepared.width,
        height=prepared.height,
        media_type=MEDIA_TYPES[prepared.format],
        created_at=now(),
    )
    # The files first: what the database knows is there.
    await storage.put(media.file, prepared.data)
    await storage.put(media.thumbnail, prepared.thumbnail)
    session.add(media)
    await session.commit()
    return media


async def sweep(session: AsyncSession, storage: Storage) -> None:
    """Delete some of the images that nobody has used for a day."""
    unused = select(Media.id).where(
        Media.post_id.is_(None),
        Media.created_at < now() - UNUSED,
        Media.id.not_in(select(User.avatar_id).where(User.avatar_id.is_not(None))),
    )
    statement = (
        delete(Media)
        .where(Media.id.in_(unused.order_by(Media.created_at).limit(SWEEP)))
        .returning(Media.file, Media.thumbnail)
        .execution_options(synchronize_session=False)
    )
    deleted = (await session.execute(statement)).all()
    await session.commit()
    await storage.delete(name for row in deleted for name in row)


async def files_of(session: AsyncSession, *, post_id: UUID) -> Sequence[str]:
    """Return the names of a post's files."""
    rows = await session.execute(
        select(Media.file, Media.thumbnail).where(Media.post_id == post_id)
    )
    return [name for row in rows for name in row]


async def files_of_user(session: AsyncSession, user_id: UUID) -> Sequence[str]:
    """Return the names of all files of somebody."""
    rows = await session.execute(
        select(Media.file, Media.thumbnail).where(Media.user_id == user_id)
    )
    return [name for row in rows for name in row]


async def unused_image(session: AsyncSession, user: User, media_id: UUID) -> Media:
    """Return an own image that no post shows.

    Raises:
        NotFoundError: There is none with this id.
    """
    media: Media | None = await session.scalar(
        select(Media).where(Media.id == media_id, Media.user_id == user.id, Media.post_id.is_(None))
    )
    if media is None:
        raise NotFoundError("There is no image of yours with this id that no post uses.")
    return media


async def attach(
    session: AsyncSession, user: User, media_ids: Sequence[UUID], post_id: UUID
) -> list[Media]:
    """Give own images to a post, in the caller's transaction, and return them in their order.

    Raises:
        NotFoundError: One of them is not there, or used already.
    """
    attached = []
    for media_id in media_ids:
        media = await unused_image(session, user, media_id)
        # Of two posts that want it at the same time one gets it.
        statement = (
            update(Media)
            .where(Media.id == media_id, Media.post_id.is_(None))
            .values(post_id=post_id)
            .returning(Media.id)
            .execution_options(synchronize_session=False)
        )
        if media_id == user.avatar_id or await session.scalar(statement) is None:
            raise NotFoundError("There is no image of yours with this id that no post uses.")
        attached.append(media)
    return attached
