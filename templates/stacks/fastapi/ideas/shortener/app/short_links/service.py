"""What can be done with links. Knows the database and the cache, and nothing of HTTP."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from pydantic import MISSING
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import InvalidInput, InvalidInputError, NotFoundError, ServiceError
from app.pages import PageParameters, fetch_page
from app.short_links.cache import LinkCache, Target
from app.short_links.codes import random_code
from app.short_links.models import Link
from app.short_links.schemas import LinkChanges, NewLink
from app.short_links.targets import host_of, is_private

UNKNOWN_CODE = "There is no link with this code."
# Among 3.5 million million codes even one collision is rare.
MOST_TRIES = 5
INSERT_LINK = insert(Link)


class AliasTakenError(ServiceError):
    """Another link has the alias, or had it."""

    status = 409
    detail = "This alias is taken."


def check_target(url: str, own_host: str, *, private_hosts: bool) -> None:
    """Make sure that a link may lead to a URL.

    Args:
        url: The URL, normalized.
        own_host: The host of this service.
        private_hosts: Whether links may lead into private networks.

    Raises:
        InvalidInputError: It may not.
    """
    host = host_of(url)
    if host == own_host:
        raise InvalidInputError(InvalidInput(("body", "url"), "The host is this service itself."))
    if not private_hosts and is_private(host):
        raise InvalidInputError(InvalidInput(("body", "url"), "The host is in a private network."))


class Links:
    """The links of one token; it sees no others.

    Args:
        session: The database.
        cache: Where redirects look first.
        token_id: Whose links they are.
    """

    def __init__(self, session: AsyncSession, cache: LinkCache, token_id: UUID) -> None:
        self._session = session
        self._cache = cache
        self._token_id = token_id

    async def list(self, parameters: PageParameters) -> tuple[Sequence[Link], int]:
        """Return one page of the links, and how many there are in all."""
        links = (
            select(Link)
            .where(Link.token_id == self._token_id, Link.deleted_at.is_(None))
            .order_by(Link.created_at.desc(), Link.id.desc())
        )
        return await fetch_page(self._session, links, parameters)

    async def create(self, new: NewLink) -> Link:
        """Store a new link with the given alias, or with a random code that nobody has.

        The database decides who gets a code: two clients may ask for it at the same moment.

        Raises:
            AliasTakenError: The alias is not free.
        """
        for _ in range(MOST_TRIES):
            values = self._values(new)
            try:
                # Without the session's bookkeeping of objects: there is one row and nothing else.
                connection = await self._session.connection()
                await connection.execute(INSERT_LINK, values)
                await self._session.commit()
            except IntegrityError:
                await self._session.rollback()
                if new.alias is not MISSING:
                    raise AliasTakenError from None
            else:
                link = Link(**values)
                if new.alias is not MISSING:
                    # Somebody may have asked for it before: the cache remembers such misses.
                    await self._cache.replace(link.short_code, Target.of(link))
                return link
        raise RuntimeError(f"{MOST_TRIES} random codes were taken")

    def _values(self, new: NewLink) -> dict[str, Any]:
        created_at = now()
        return {
            "id": uuid4(),
            "token_id": self._token_id,
            "short_code": random_code() if new.alias is MISSING else new.alias,
            "alias_key": None if new.alias is MISSING else new.alias.lower(),
            "url": new.url,
            "expires_at": new.expires_at,
            "created_at": created_at,
            "updated_at": created_at,
            "access_count": 0,
        }

    async def get(self, code: str) -> Link:
        """Return a link.

        Raises:
            NotFoundError: The token has no link with this code.
        """
        return _found(await self._session.scalar(select(Link).where(*self._has(code))))

    async def change(self, code: str, changes: LinkChanges) -> Link:
        """Change the given fields of a link and no others.

        Raises:
            NotFoundError: The token has no link with this code.
        """
        values = changes.model_dump()
        if not values:
            return await self.get(code)
        return await self._update(code, **values, updated_at=now())

    async def delete(self, code: str) -> None:
        """Delete a link. Its row stays, so that the code is gone and not free.

        Raises:
            NotFoundError: The token has no link with this code.
        """
        await self._update(code, deleted_at=now())

    async def _update(self, code: str, **values: Any) -> Link:
        """Write these columns and no others: what somebody else changes meanwhile stays."""
        statement = update(Link).where(*self._has(code)).values(**values).returning(Link)
        link = _found((await self._session.scalars(statement)).one_or_none())
        await self._session.commit()
        await self._cache.replace(code, Target.of(link))
        return link

    def _has(self, code: str) -> tuple[ColumnElement[bool], ...]:
        return (
            Link.short_code == code,
            Link.token_id == self._token_id,
            Link.deleted_at.is_(None),
        )


def _found(link: Link | None) -> Link:
    if link is None:
        raise NotFoundError(UNKNOWN_CODE)
    return link
