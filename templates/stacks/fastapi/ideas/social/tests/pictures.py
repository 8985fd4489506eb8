"""Images as cameras and programs make them."""

from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = "taken at home"
ORIENTATION, DESCRIPTION = 0x0112, 0x010E


def picture(image_format: str, size: tuple[int, int] = (600, 300), **options: Any) -> bytes:
    """Return an image, blue at the left and red at the right, that tells where it was taken."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 2, size[1]))
    if options.pop("transparent", False):
        image.putalpha(0)
    exif = Image.Exif()
    exif[DESCRIPTION] = SECRET
    if "orientation" in options:
        exif[ORIENTATION] = options.pop("orientation")
    if image_format == "PNG":
        notes = PngInfo()
        notes.add_text("Comment", SECRET)
        options["pnginfo"] = notes
    target = BytesIO()
    image.save(target, image_format, exif=exif, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return an image of its bytes."""
    return Image.open(BytesIO(data))
