"""Looks into uploaded images, and makes what is stored out of them."""

from dataclasses import dataclass
from io import BytesIO

from anyio import CapacityLimiter, to_thread
from PIL import Image, ImageOps, UnidentifiedImageError

from app.errors import InvalidInput, InvalidInputError

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
# A few kilobytes can unpack to gigabytes: this is known before anything is unpacked. A pixel takes
# four bytes, and turning an image needs it twice.
MAX_PIXELS = 24_000_000
THUMBNAIL = 400
QUALITY = 88
# Unpacked images are large: one at a time bounds the memory of the process.
_at_once = CapacityLimiter(1)


@dataclass(frozen=True)
class Prepared:
    """An image as it is stored, and its thumbnail.

    Args:
        data: The image.
        thumbnail: The thumbnail, always WebP.
        width: Of the image, in pixels.
        height: Of the image, in pixels.
        format: "JPEG", "PNG" or "WEBP".
    """

    data: bytes
    thumbnail: bytes
    width: int
    height: int
    format: str


async def prepare(data: bytes) -> Prepared:
    """Make of an upload what is stored.

    Raises:
        InvalidInputError: It is not an image that we take.
    """
    return await to_thread.run_sync(_prepare, data, limiter=_at_once)


def _prepare(data: bytes) -> Prepared:
    try:
        # The content decides, not what the client calls it.
        image = Image.open(BytesIO(data), formats=list(MEDIA_TYPES))
        if image.width * image.height > MAX_PIXELS:
            raise _invalid(f"Has more than {MAX_PIXELS} pixels.")
        image_format = str(image.format)
        pixels = _without_metadata(image)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # What Pillow raises for a broken file depends on where it is broken.
        raise _invalid("Is not a JPEG, PNG or WebP image.") from None
    stored, size = _encoded(pixels, image_format), pixels.size
    pixels.thumbnail((THUMBNAIL, THUMBNAIL))
    return Prepared(stored, _encoded(pixels, "WEBP"), *size, image_format)


def _invalid(detail: str) -> InvalidInputError:
    return InvalidInputError(InvalidInput(("body",), detail))


def _without_metadata(image: Image.Image) -> Image.Image:
    """Return only the pixels, turned as the camera was: the rest tells when and where it was."""
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    pixels = image if image.mode == mode else image.convert(mode)
    pixels.info.clear()
    return pixels


def _encoded(image: Image.Image, image_format: str) -> bytes:
    target = BytesIO()
    image.save(target, image_format, quality=QUALITY)
    return target.getvalue()
