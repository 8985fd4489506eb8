"""Every model, imported so that Alembic sees its table."""

from app.credits.models import Credit
from app.database import Base
from app.genres.models import Genre
from app.movies.models import Movie, MovieGenre
from app.people.models import Person
from app.reviews.models import Review
from app.users.models import User
from app.watchlist.models import WatchlistItem

__all__ = [
    "Base",
    "Credit",
    "Genre",
    "Movie",
    "MovieGenre",
    "Person",
    "Review",
    "User",
    "WatchlistItem",
]
