"""QR codes, which lead a phone's camera to a URL."""

from io import BytesIO

import segno

# Pixels, or SVG's units, for each of the small squares.
SCALE = 8
# Still readable when 15 % of it is dirty or torn.
ERROR_CORRECTION = "m"


def png(url: str) -> bytes:
    """Return the QR code of a URL as PNG."""
    return _draw(url, "png")


def svg(url: str) -> bytes:
    """Return the QR code of a URL as SVG, on a white ground: scanners need it."""
    return _draw(url, "svg", light="white")


def _draw(url: str, kind: str, **colors: str) -> bytes:
    picture = BytesIO()
    segno.make_qr(url, error=ERROR_CORRECTION).save(picture, kind=kind, scale=SCALE, **colors)
    return picture.getvalue()
