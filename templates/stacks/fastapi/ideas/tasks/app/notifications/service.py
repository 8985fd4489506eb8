"""Notifications: read by users, stored by the worker. Knows nothing of HTTP."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Executable, and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.cursors import decode_cursor, encode_cursor
from app.fields import EMAIL_PATTERN, Moment
from app.inserts import insert_into
from app.notifications.models import Kind, Notification
from app.notifications.schemas import NotificationBody, NotificationQuery
from app.organisations.models import Membership
from app.outbox import Event
from app.rows import AnyRow, AnySelect, behind
from app.tasks.models import Task, TaskAssignee, TaskWatcher
from app.tasks.workflow import OPEN
from app.users.models import User
from app.users.schemas import user_or_none

KEY = (Notification.created_at, Notification.id)
MENTION = re.compile(rf"(?<!\S)@({EMAIL_PATTERN})")


async def list_notifications(
    session: AsyncSession, user_id: UUID, query: NotificationQuery
) -> tuple[list[NotificationBody], str | None]:
    """Return what happened to a user, the newest first, and where the next ones begin."""
    statement = _views(user_id)
    if query.unread is not None:
        unread = Notification.read_at.is_(None)
        statement = statement.where(unread if query.unread else ~unread)
    if query.cursor is not None:
        last = decode_cursor(query.cursor, tuple[Moment, UUID])
        statement = statement.where(behind(KEY, last, descending=True))
    statement = statement.order_by(*(column.desc() for column in KEY))
    rows = (await session.execute(statement.limit(query.limit + 1))).all()
    shown = rows[: query.limit]
    following = None
    if len(rows) > query.limit:
        following = encode_cursor(shown[-1][0].created_at, shown[-1][0].id)
    return [_body(row) for row in shown], following


async def read_all(session: AsyncSession, user_id: UUID) -> None:
    """Note that a user has seen all notifications up to now."""
    await session.execute(
        update(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        .values(read_at=now())
    )
    await session.commit()


async def tell_assigned(session: AsyncSession, event: Event) -> None:
    """Tell people that they were assigned to a task."""
    assigned = {UUID(each) for each in event.payload["userIds"]}
    await _tell(session, event, "assigned", assigned & await _assignees(session, event))


async def tell_of_comment(session: AsyncSession, event: Event) -> None:
    """Tell those who are mentioned in a comment, and those who follow the task."""
    mentioned = await _mentioned(session, event)
    await _tell(session, event, "mentioned", mentioned)
    await _tell(session, event, "commented", await _followers(session, event) - mentioned)


async def tell_of_status(session: AsyncSession, event: Event) -> None:
    """Tell those who follow a task that it has moved on."""
    await _tell(session, event, "status_changed", await _followers(session, event))


async def remind_of_task(session: AsyncSession, event: Event) -> None:
    """Tell those who follow a task that it is due, unless it is done or has another day now."""
    task = await session.get(Task, _task_id(event))
    day = date.fromisoformat(event.payload["dueDate"])
    if task is None or task.status not in OPEN or task.due_date != day:
        return
    # A day that was changed and changed back has two events, but is one occasion.
    occasion = f"{task.id.hex}:{day}"
    await _tell(session, event, "due", await _followers(session, event), occasion)


def mentions_in(text: str) -> set[str]:
    """Return the addresses that a text mentions, in small letters."""
    return {address.lower() for address in MENTION.findall(text)}


async def _tell(
    session: AsyncSession,
    event: Event,
    kind: Kind,
    user_ids: Iterable[UUID],
    occasion: str | None = None,
) -> None:
    actor_id = event.payload.get("actorId")
    actor = UUID(actor_id) if actor_id else None
    moment = now()
    rows = [
        {
            "new_id": uuid4(),
            "new_user_id": user_id,
            "new_kind": kind,
            "new_actor_id": actor,
            "new_occasion": occasion or event.id.hex,
            "new_created_at": moment,
        }
        for user_id in sorted(user_ids)
        # Nobody has to be told what they did themselves.
        if user_id != actor
    ]
    if rows:
        await session.execute(_insert_unless_deleted(session, _task_id(event)), rows)


def _insert_unless_deleted(session: AsyncSession, task_id: UUID) -> Executable:
    """Return an INSERT of notifications about a task, which stores none when it has been deleted.

    It looks for the task itself, and PostgreSQL keeps the task from being deleted. SQLite locks no
    rows: after a SELECT somebody could delete it before the INSERT.
    """
    insert = insert_into(session.get_bind().dialect.name, Notification)
    names = ("id", "user_id", "kind", "actor_id", "occasion", "created_at")
    values = (bindparam(f"new_{name}", type_=insert.table.c[name].type) for name in names)
    task = select(Task.id, *values).where(Task.id == task_id)
    kept = task.with_for_update(read=True, key_share=True)
    return insert.from_select(["task_id", *names], kept).on_conflict_do_nothing()


def _task_id(event: Event) -> UUID:
    return UUID(event.payload["taskId"])


async def _followers(session: AsyncSession, event: Event) -> set[UUID]:
    """Return who is assigned to the event's task or watches it."""
    watchers = select(TaskWatcher.user_id).where(TaskWatcher.task_id == _task_id(event))
    return await _assignees(session, event) | {*await session.scalars(watchers)}


async def _assignees(session: AsyncSession, event: Event) -> set[UUID]:
    statement = select(TaskAssignee.user_id).where(TaskAssignee.task_id == _task_id(event))
    return {*await session.scalars(statement)}


async def _mentioned(session: AsyncSession, event: Event) -> set[UUID]:
    """Return the members whom a comment mentions."""
    addresses: Collection[str] = mentions_in(event.payload["text"])
    if not addresses:
        return set()
    statement = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .join(Task, Task.organisation_id == Membership.organisation_id)
        .where(Task.id == _task_id(event), User.email.in_(addresses))
    )
    return {*await session.scalars(statement)}


def _views(user_id: UUID) -> AnySelect:
    return (
        select(Notification, Task.title, User.display_name)
        .join(Task, Task.id == Notification.task_id)
        # Whoever has left sees nothing of the organisation any more.
        .join(
            Membership,
            and_(
                Membership.organisation_id == Task.organisation_id,
                Membership.user_id == user_id,
            ),
        )
        .outerjoin(User, User.id == Notification.actor_id)
        .where(Notification.user_id == user_id)
    )


def _body(row: AnyRow) -> NotificationBody:
    notification, task_title, actor_name = row
    return NotificationBody(
        id=notification.id,
        kind=notification.kind,
        task_id=notification.task_id,
        task_title=task_title,
        actor=user_or_none(notification.actor_id, actor_name),
        created_at=notification.created_at,
        read_at=notification.read_at,
    )
