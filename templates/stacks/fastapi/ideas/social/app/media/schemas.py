"""What clients get about images."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.media.models import Media
from app.schemas import ResponseBody

Url = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]


def url_of(file: str) -> str:
    """Return where a file is found. Relative, so that it is right behind every proxy."""
    return f"/media/{file}"


class MediaBody(ResponseBody):
    """An image."""

    id: UUID
    url: Url
    thumbnail_url: Url
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    media_type: Literal["image/jpeg", "image/png", "image/webp"]

    @classmethod
    def of(cls, media: Media) -> "MediaBody":
        """Return a stored image."""
        return cls.model_validate(described(media))


def described(media: Media) -> dict[str, Any]:
    """Return what an answer says of an image, in the form in which a post keeps it."""
    return {
        "id": str(media.id),
        "url": url_of(media.file),
        "thumbnailUrl": url_of(media.thumbnail),
        "width": media.width,
        "height": media.height,
        "mediaType": media.media_type,
    }
