"""Where a code leads."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError, ServiceError
from app.short_links.cache import LinkCache, Target
from app.short_links.models import Link

FIND_TARGET = select(Link.id, Link.url, Link.expires_at, Link.deleted_at).where(
    Link.short_code == bindparam("code")
)


class GoneError(ServiceError):
    """A link was here once."""

    status = 410
    detail = "This link has expired or was deleted."


async def find_target(
    session: AsyncSession, cache: LinkCache, code: str, moment: datetime
) -> Target:
    """Return where a code leads at a moment, from the cache or else from the database.

    Raises:
        NotFoundError: No link has the code.
        GoneError: The link has expired or was deleted.
    """
    try:
        target = await cache.get(code)
    except KeyError:
        target = await _ask_database(session, code)
        await cache.fill(code, target)
    if target is None:
        raise NotFoundError
    if target.deleted or (target.expires_at and target.expires_at <= moment):
        raise GoneError
    return target


async def _ask_database(session: AsyncSession, code: str) -> Target | None:
    found = (await session.execute(FIND_TARGET, {"code": code})).one_or_none()
    if found is None:
        return None
    link_id, url, expires_at, deleted_at = found
    return Target(link_id, url, expires_at, deleted_at is not None)
