"""Conditional requests (RFC 9110, section 13): entity tags and what clients do with them."""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated

from fastapi import Header, Response

from app.errors import ServiceError

_TAG = re.compile(r'(?:W/)?"[^"]*"')

# Long enough for a list of a few dozen tags.
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=2000)]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=2000)]


class PreconditionFailedError(ServiceError):
    """The client's copy is out of date."""

    status = 412
    detail = "This has been changed since you read it. Read it again."


def etag_of(*parts: object) -> str:
    """Return a strong entity tag for whatever distinguishes one representation from another.

    Args:
        parts: The id and version of what is shown, and how it is shown if there are several ways.
    """
    return f'"{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def require_match(if_match: str | None, etag: str) -> None:
    """Make sure that the client has seen the version with this tag, if it asks for that.

    Raises:
        PreconditionFailedError: The header names other versions only.
    """
    if if_match is None or if_match.strip() == "*":
        return
    # A weak tag never matches here: it does not promise the same bytes.
    if etag not in _TAG.findall(if_match):
        raise PreconditionFailedError


def is_current(if_none_match: str | None, etag: str) -> bool:
    """Tell whether the client already has the version with this tag."""
    if if_none_match is None:
        return False
    tags = (tag.removeprefix("W/") for tag in _TAG.findall(if_none_match))
    return if_none_match.strip() == "*" or etag in tags


def not_modified(etag: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a 304; `headers` are those that a 200 would have for caches."""
    return Response(status_code=304, headers={**(headers or {}), "ETag": etag})
