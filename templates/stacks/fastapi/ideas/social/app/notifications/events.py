"""Writes notifications, in the transaction of what they are about."""

from uuid import UUID, uuid4, uuid5

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.notifications.models import Event, Notification

# Many of these are one entry of the list.
GROUPED = {Event.FOLLOW, Event.LIKE, Event.REPOST}


def tell(
    session: AsyncSession, user_id: UUID, event: Event, actor_id: UUID, post_id: UUID | None = None
) -> None:
    """Tell somebody what somebody else has done; nobody is told what they do themselves.

    Whether they may see it is decided when they read it: a block or a mute may come later.
    """
    if user_id == actor_id:
        return
    notification_id = uuid4()
    about = post_id or user_id
    session.add(
        Notification(
            id=notification_id,
            user_id=user_id,
            kind=event,
            actor_id=actor_id,
            post_id=post_id,
            group_id=uuid5(about, event) if event in GROUPED else notification_id,
            created_at=now(),
        )
    )


async def take_back(
    session: AsyncSession, user_id: UUID, event: Event, actor_id: UUID, post_id: UUID | None = None
) -> None:
    """Delete what somebody was told, because it is not so any more."""
    await session.execute(
        delete(Notification)
        .where(
            Notification.user_id == user_id,
            Notification.kind == event,
            Notification.actor_id == actor_id,
            # "= NULL" is never true.
            Notification.post_id.is_not_distinct_from(post_id),
        )
        .execution_options(synchronize_session=False)
    )
