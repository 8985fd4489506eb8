"""The HTTP side of images."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response, status

from app.auth.dependencies import LIMITED, CurrentUser
from app.database import Session
from app.errors import NotFoundError, ServiceError
from app.media import service
from app.media.images import MEDIA_TYPES
from app.media.schemas import MediaBody
from app.media.storage import MediaStorage
from app.openapi import header, problems

# A name always means the same bytes: deleting a file is the only change there is.
CACHE_CONTROL = "public, max-age=31536000, immutable"
BINARY = {"schema": {"type": "string", "format": "binary"}}
IMAGES: dict[str, Any] = dict.fromkeys(MEDIA_TYPES.values(), BINARY)
BY_EXTENSION = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}

uploads = APIRouter(prefix="/media", tags=["Media"], responses=problems(500, 503))
files = APIRouter(prefix="/media", tags=["Media"], responses=problems(500, 503))


@uploads.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[LIMITED],
    responses=problems(401, 413, 415, 422, 429),
    openapi_extra={"requestBody": {"required": True, "content": IMAGES}},
)
async def upload_media(
    request: Request, session: Session, storage: MediaStorage, me: CurrentUser
) -> MediaBody:
    """Upload an image."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in IMAGES:
        raise ServiceError(f"Send one of {', '.join(IMAGES)}.", status=415)
    data = await request.body()
    return MediaBody.of(await service.store(session, storage, me.id, data))


@files.get(
    "/{file}",
    response_class=Response,
    responses={
        200: {"content": IMAGES, "headers": {"Cache-Control": header("string")}},
        **problems(404),
    },
)
async def get_media(
    storage: MediaStorage, file: Annotated[str, Path(pattern="^[A-Za-z0-9._-]{1,100}$")]
) -> Response:
    """Get an image."""
    media_type = BY_EXTENSION.get(file.rpartition(".")[2])
    data = await storage.get(file) if media_type else None
    if data is None:
        raise NotFoundError
    return Response(data, media_type=media_type, headers={"Cache-Control": CACHE_CONTROL})
