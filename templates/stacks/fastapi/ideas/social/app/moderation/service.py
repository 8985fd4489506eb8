"""Reports, and what moderators do about them. Knows the database and nothing of HTTP."""

from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.service import log_out_everywhere
from app.clock import now
from app.cursors import CursorParameters
from app.errors import NotFoundError
from app.lists import LIMIT, OLDEST, Listed, asked, newer, older, split
from app.moderation.models import DISMISSED, HIDDEN, OPEN, SUSPENDED, AuditEntry, Report
from app.moderation.schemas import Action, Decision, NewReport
from app.posts.models import Post
from app.posts.service import get_post
from app.profiles.service import get_user
from app.refusals import ConflictError
from app.users.models import User

STATES: dict[str, tuple[str, Action]] = {
    "dismiss": (DISMISSED, "dismiss_report"),
    "hide_post": (HIDDEN, "hide_post"),
    "suspend_account": (SUSPENDED, "suspend_account"),
}


async def report_profile(
    session: AsyncSession, reporter: User, handle: str, new: NewReport
) -> Report:
    """Report a profile.

    Raises:
        NotFoundError: It does not exist for the reporter.
        ConflictError: It is the reporter's own.
    """
    return await _report(session, reporter, await get_user(session, reporter.id, handle), None, new)


async def report_post(
    session: AsyncSession, reporter: User, post_id: UUID, new: NewReport
) -> Report:
    """Report a post.

    Raises:
        NotFoundError: It does not exist for the reporter.
        ConflictError: It is the reporter's own.
    """
    post = await get_post(session, reporter.id, post_id)
    author = await session.get_one(User, post.author_id)
    return await _report(session, reporter, author, post, new)


async def _report(
    session: AsyncSession, reporter: User, user: User, post: Post | None, new: NewReport
) -> Report:
    if user.id == reporter.id:
        raise ConflictError("You cannot report yourself.")
    open_one: Report | None = await session.scalar(
        select(Report).where(
            Report.reporter_id == reporter.id,
            Report.user_id == user.id,
            Report.post_id.is_not_distinct_from(post.id if post else None),
            Report.state == OPEN,
        )
    )
    report = open_one or Report(
        id=uuid4(), reporter_id=reporter.id, user=user, post=post, state=OPEN, created_at=now()
    )
    report.reason, report.text = new.reason, new.text
    session.add(report)
    await session.commit()
    return report


async def list_reports(session: AsyncSession, state: str, page: CursorParameters) -> Listed[Report]:
    """Return the reports with a state, the oldest first: nobody waits for ever."""
    order = (Report.created_at, Report.id)
    statement = (
        select(Report).where(Report.state == state, newer(*order)).order_by(*order).limit(LIMIT)
    )
    reports = (await session.scalars(statement, asked(page, OLDEST))).all()
    return split(reports, page, lambda report: (report.created_at, report.id))


async def decide(
    session: AsyncSession, moderator: User, report_id: UUID, decision: Decision
) -> Report:
    """Decide a report, and write down who did.

    Raises:
        NotFoundError: There is none with this id.
        ConflictError: It was decided before, or has no post to hide.
    """
    report = await session.get(Report, report_id)
    if report is None:
        raise NotFoundError("There is no report with this id.")
    state, action = STATES[decision.decision]
    if action == "hide_post" and report.post is None:
        raise ConflictError("There is no post to hide.")
    moment = now()
    # Of two moderators who decide at the same time one is told that it was decided.
    statement = (
        update(Report)
        .where(Report.id == report_id, Report.state == OPEN)
        .values(state=state, resolved_at=moment)
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    )
    if await session.scalar(statement) is None:
        raise ConflictError("This report was decided before.")
    if action == "hide_post" and report.post is not None:
        report.post.hidden_at = moment
    if action == "suspend_account":
        report.user.suspended_at = moment
        await log_out_everywhere(session, report.user)
    session.add(_entry(moderator, action, report.user.id, report.post_id, decision.note))
    await session.commit()
    await session.refresh(report)
    return report


def _entry(
    moderator: User, action: Action, user_id: UUID, post_id: UUID | None, note: str
) -> AuditEntry:
    return AuditEntry(
        id=uuid4(),
        created_at=now(),
        moderator=moderator.handle,
        action=action,
        user_id=user_id,
        post_id=post_id,
        note=note,
    )


async def unhide_post(session: AsyncSession, moderator: User, post_id: UUID) -> None:
    """Show a hidden post again.

    Raises:
        NotFoundError: There is no hidden post with this id.
    """
    post = await session.get(Post, post_id)
    if post is None or post.hidden_at is None:
        raise NotFoundError("There is no hidden post with this id.")
    post.hidden_at = None
    session.add(_entry(moderator, "unhide_post", post.author_id, post.id, ""))
    await session.commit()


async def unsuspend(session: AsyncSession, moderator: User, handle: str) -> None:
    """Let an account in again.

    Raises:
        NotFoundError: There is no suspended account with this handle.
    """
    user: User | None = await session.scalar(
        select(User).where(User.handle == handle.lower(), User.suspended_at.is_not(None))
    )
    if user is None:
        raise NotFoundError("There is no suspended account with this handle.")
    user.suspended_at = None
    session.add(_entry(moderator, "unsuspend_account", user.id, None, ""))
    await session.commit()


async def list_audit(session: AsyncSession, page: CursorParameters) -> Listed[AuditEntry]:
    """Return what moderators did, the newest first."""
    order = (AuditEntry.created_at, AuditEntry.id)
    statement = (
        select(AuditEntry)
        .where(older(*order))
        .order_by(*(column.desc() for column in order))
        .limit(LIMIT)
    )
    entries = (await session.scalars(statement, asked(page))).all()
    return split(entries, page, lambda entry: (entry.created_at, entry.id))
