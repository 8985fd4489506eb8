"""Absolute URLs of the application's own resources, as clients see them."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request

from app.configuration import CommonSettings

PAGING = {"page", "pageSize"}


def base_url_of(request: Request) -> str:
    """Return the address of the application without a slash at the end.

    It is PUBLIC_URL, or else scheme and host of the request. Behind a proxy the server takes
    them from the proxy's headers, when it trusts the proxy (FORWARDED_ALLOW_IPS).
    """
    settings: CommonSettings = request.app.state.settings
    return settings.public_url or str(request.base_url).rstrip("/")


# `async` although it waits for nothing: FastAPI runs other functions in a thread, which costs more
# than they do.
async def get_base_url(request: Request) -> str:
    """Return the address of the application, as a dependency."""
    return base_url_of(request)


BaseUrl = Annotated[str, Depends(get_base_url)]


def page_links(url: str, query: str, page: int, page_size: int, total: int) -> str:
    """Return a `Link` header (RFC 8288) with the pages around this one.

    Args:
        url: The list's absolute URL.
        query: The request's query; what it says beside page and page size is kept.
        page: This page, from 1.
        page_size: Number of items on a full page.
        total: Number of items on all pages together.
    """
    last = max(1, -(-total // page_size))
    pages = {"first": 1, "last": last}
    if page > 1:
        pages["prev"] = min(page - 1, last)
    if page < last:
        pages["next"] = page + 1
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in PAGING]
    base = f"{url}?{urlencode(kept)}&" if kept else f"{url}?"
    return ", ".join(
        f'<{base}page={number}&pageSize={page_size}>; rel="{relation}"'
        for relation, number in pages.items()
    )
