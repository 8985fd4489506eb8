"""What clients get about their watchlists."""

from datetime import datetime

from app.movies.schemas import MovieBody
from app.schemas import ResponseBody
from app.watchlist.models import WatchlistItem


class WatchlistItemBody(ResponseBody):
    """A movie on a watchlist."""

    movie: MovieBody
    added_at: datetime

    @classmethod
    def of(cls, item: WatchlistItem) -> "WatchlistItemBody":
        """Return a stored item."""
        return cls(movie=MovieBody.of(item.movie), added_at=item.added_at)
