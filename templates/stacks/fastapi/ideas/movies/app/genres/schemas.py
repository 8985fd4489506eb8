"""What clients send and get about genres."""

from typing import Annotated

from pydantic import Field

from app.genres.models import Genre
from app.schemas import RequestBody, ResponseBody
from app.texts import Line100

Slug = Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,39}$")]


class GenreName(RequestBody):
    """What a genre is called."""

    name: Line100


class GenreBody(ResponseBody):
    """A genre."""

    slug: Slug
    name: str

    @classmethod
    def of(cls, genre: Genre) -> "GenreBody":
        """Return a stored genre."""
        return cls(slug=genre.slug, name=genre.name)
