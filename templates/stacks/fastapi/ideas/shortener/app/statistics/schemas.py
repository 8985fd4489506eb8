"""What clients ask of figures and get."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from app.days import Day
from app.errors import InvalidInput, InvalidInputError
from app.schemas import QueryParameters, ResponseBody
from app.short_links.schemas import LinkBody
from app.short_links.targets import MAX_HOST
from app.statistics.browsers import Browser

MAX_DAYS = 366
DEFAULT_DAYS = 30
MAX_REFERRERS = 100


Count = Annotated[int, Field(ge=1)]


class StatsQuery(QueryParameters):
    """Which days the figures are about."""

    first: Annotated[
        Day | None, Field(alias="from", description="First day (UTC). Without it: 29 days before.")
    ] = None
    last: Annotated[
        Day | None, Field(alias="to", description="Last day (UTC). Without it: today.")
    ] = None

    def period(self, today: date) -> tuple[date, date]:
        """Return the first and the last day.

        Raises:
            InvalidInputError: They are in the wrong order, or too far apart.
        """
        last = self.last or today
        first = self.first or last - min(timedelta(DEFAULT_DAYS - 1), last - date.min)
        if first > last:
            raise InvalidInputError(InvalidInput(("query", "from"), "Must not be after `to`."))
        if last - first >= timedelta(MAX_DAYS):
            raise InvalidInputError(
                InvalidInput(("query", "from"), f"Must be at most {MAX_DAYS - 1} days before `to`.")
            )
        return first, last


class DayCount(ResponseBody):
    """How often a link was followed on a day."""

    day: Annotated[date, Field(alias="date")]
    count: Annotated[int, Field(ge=0)]


class ReferrerCount(ResponseBody):
    """How often people came from a host; none where the browser named none."""

    host: Annotated[str, Field(max_length=MAX_HOST)] | None
    count: Count


class BrowserCount(ResponseBody):
    """How often a family of browsers followed a link."""

    family: Browser
    count: Count


class LinkStatsBody(LinkBody):
    """A link with its figures."""

    first_access_at: datetime | None
    last_access_at: datetime | None
    first_day: Annotated[date, Field(alias="from")]
    last_day: Annotated[date, Field(alias="to")]
    days: Annotated[list[DayCount], Field(max_length=MAX_DAYS)]
    referrers: Annotated[list[ReferrerCount], Field(max_length=MAX_REFERRERS)]
    browsers: Annotated[list[BrowserCount], Field(max_length=20)]
