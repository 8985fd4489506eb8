"""What caches may keep: entity tags, dates, and `Cache-Control` of everything that is public."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from app.etags import IfNoneMatch, etag_of, is_current, not_modified
from app.openapi import header
from app.schemas import ResponseBody

# A CDN answers for a minute by itself and for five more while it asks again; a browser always
# asks, and mostly gets a 304.
PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=300"
# Whoever signs in sees their own change at once, so no shared cache may answer them.
PRIVATE = "private, no-cache"

IfModifiedSince = Annotated[str | None, Header(alias="If-Modified-Since", max_length=200)]

_HEADERS = {name: header("string") for name in ("ETag", "Cache-Control", "Vary")}
_ITEM_HEADERS = {**_HEADERS, "Last-Modified": header("string")}
NOT_MODIFIED = "What the client has is still right."

# The `responses` of a read: of a list, and of a single resource.
CACHED_LIST: dict[int | str, dict[str, Any]] = {
    200: {"headers": _HEADERS},
    304: {"description": NOT_MODIFIED, "headers": _HEADERS},
}
CACHED_ITEM: dict[int | str, dict[str, Any]] = {
    200: {"headers": _ITEM_HEADERS},
    304: {"description": NOT_MODIFIED, "headers": _ITEM_HEADERS},
}
# The `headers` of an answer to a write.
TAGGED = {"ETag": header("string")}


@dataclass(frozen=True)
class Cache:
    """What a request says about caching.

    Args:
        signed_in: Whether it carries credentials.
        if_none_match: Its header of that name.
        if_modified_since: Its header of that name.
    """

    signed_in: bool
    if_none_match: str | None
    if_modified_since: str | None = None

    def _headers(self) -> dict[str, str]:
        control = PRIVATE if self.signed_in else PUBLIC
        return {"Cache-Control": control, "Vary": "Authorization"}

    def answer(self, body: ResponseBody) -> Response:
        """Answer a list, or what has no version: its bytes decide whether it has changed."""
        content = body.model_dump_json(by_alias=True)
        etag = etag_of(content)
        if is_current(self.if_none_match, etag):
            return not_modified(etag, self._headers())
        headers = {**self._headers(), "ETag": etag}
        return Response(content, headers=headers, media_type="application/json")

    def answer_item(self, body: ResponseBody, etag: str, changed_at: datetime) -> Response:
        """Answer a resource with a version and the moment of its last change."""
        headers = {**self._headers(), "Last-Modified": http_date(changed_at)}
        if self._has(etag, changed_at):
            return not_modified(etag, headers)
        return Response(
            body.model_dump_json(by_alias=True),
            headers={**headers, "ETag": etag},
            media_type="application/json",
        )

    def _has(self, etag: str, changed_at: datetime) -> bool:
        # RFC 9110, section 13.2.2: the date counts only without a tag.
        if self.if_none_match is not None:
            return is_current(self.if_none_match, etag)
        since = _parsed_date(self.if_modified_since)
        return since is not None and changed_at.replace(microsecond=0) <= since


async def get_list_cache(request: Request, if_none_match: IfNoneMatch = None) -> Cache:
    """Return what a request for a list says about caching."""
    return Cache("authorization" in request.headers, if_none_match)


async def get_item_cache(
    request: Request, if_none_match: IfNoneMatch = None, if_modified_since: IfModifiedSince = None
) -> Cache:
    """Return what a request for a single resource says about caching."""
    return Cache("authorization" in request.headers, if_none_match, if_modified_since)


ListCache = Annotated[Cache, Depends(get_list_cache)]
ItemCache = Annotated[Cache, Depends(get_item_cache)]


def http_date(moment: datetime) -> str:
    """Return a moment as HTTP writes it, to the second."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _parsed_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        # RFC 9110, section 13.1.3: one that is no date is ignored.
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
