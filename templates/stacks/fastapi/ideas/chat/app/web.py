"""The page to try the chat with: the files of web/."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

FOLDER = Path(__file__).parent.parent / "web"
# The page's own scripts and styles, and the way to its own server; nothing else.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
}

router = APIRouter(include_in_schema=False)


@router.get("/")
async def get_page() -> FileResponse:
    """Return the page."""
    return FileResponse(FOLDER / "index.html", headers=HEADERS)


@router.get("/chat.js")
async def get_script() -> FileResponse:
    """Return the page's script."""
    return FileResponse(FOLDER / "chat.js", media_type="text/javascript", headers=HEADERS)


@router.get("/chat.css")
async def get_style() -> FileResponse:
    """Return the page's style."""
    return FileResponse(FOLDER / "chat.css", headers=HEADERS)
