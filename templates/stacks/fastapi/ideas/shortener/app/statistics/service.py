"""What can be known about the accesses of a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.statistics.models import AccessCount
from app.statistics.schemas import MAX_REFERRERS

Rows = Sequence[Row[Any, int]]


@dataclass(frozen=True)
class Figures:
    """How often a link was followed: by day, by referrer (empty: none) and by browser."""

    days: dict[date, int]
    referrers: list[tuple[str, int]]
    browsers: list[tuple[str, int]]


async def get_figures(session: AsyncSession, link_id: UUID, first: date, last: date) -> Figures:
    """Return the figures of a link in the days from the first to the last, both included."""

    def by(column: InstrumentedAttribute[Any]) -> Select[Any, int]:
        total = func.sum(AccessCount.count)
        return (
            select(column, total)
            .where(AccessCount.link_id == link_id, AccessCount.day.between(first, last))
            .group_by(column)
            .order_by(total.desc(), column)
        )

    days = await session.execute(by(AccessCount.day))
    referrers = await session.execute(by(AccessCount.referrer).limit(MAX_REFERRERS))
    browsers = await session.execute(by(AccessCount.browser))
    return Figures(
        days={day: int(count) for day, count in days},
        referrers=[(host, int(count)) for host, count in referrers],
        browsers=[(family, int(count)) for family, count in browsers],
    )
