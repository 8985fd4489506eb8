"""The HTTP side of figures."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from app.clock import now
from app.database import Session
from app.links import BaseUrl
from app.openapi import problems
from app.short_links.router import LinkCode, OwnLinks
from app.short_links.schemas import LinkBody
from app.statistics import service
from app.statistics.schemas import (
    BrowserCount,
    DayCount,
    LinkStatsBody,
    ReferrerCount,
    StatsQuery,
)

router = APIRouter(
    prefix="/links",
    tags=["Links"],
    responses=problems(401, 404, 422, 429, 500, 503),
)


@router.get("/{shortCode}/stats")
async def get_link_stats(
    links: OwnLinks,
    session: Session,
    base_url: BaseUrl,
    code: LinkCode,
    query: Annotated[StatsQuery, Query()],
) -> LinkStatsBody:
    """Read a link's figures."""
    first, last = query.period(now().date())
    link = await links.get(code)
    figures = await service.get_figures(session, link.id, first, last)
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    return LinkStatsBody(
        **LinkBody.of(link, base_url).model_dump(),
        first_access_at=link.first_access_at,
        last_access_at=link.last_access_at,
        first_day=first,
        last_day=last,
        days=[DayCount(day=day, count=figures.days.get(day, 0)) for day in days],
        referrers=[ReferrerCount(host=host or None, count=n) for host, n in figures.referrers],
        browsers=[BrowserCount(family=family, count=n) for family, n in figures.browsers],
    )
