"""What a short URL answers."""

import asyncio
import re
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Path, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor

from app.clock import now
from app.database import Session
from app.limits import limited_by_address
from app.links import BaseUrl
from app.openapi import header, problems
from app.redirects import qr_codes
from app.redirects.service import find_target
from app.short_links.cache import Cache
from app.short_links.codes import CODE_PATTERN, RESERVED
from app.short_links.targets import MAX_HOST
from app.statistics.browsers import family_of
from app.statistics.counter import Accesses

# A browser may follow a link again without asking; shared caches may not keep it, because we
# would count nothing.
CACHE_CONTROL = "private, max-age=90"
HOST = re.compile(rf"[a-z0-9_.:-]{{1,{MAX_HOST}}}")


class CodeConvertor(StringConvertor):
    """Lets a path be a code only if it can be one; others, like /docs, stay what they are."""

    regex = rf"(?!(?i:{'|'.join(sorted(RESERVED))})(?![A-Za-z0-9_-])){CODE_PATTERN}"


register_url_convertor("code", CodeConvertor())


class PngResponse(Response):
    """A picture."""

    media_type = "image/png"


class SvgResponse(Response):
    """A drawing."""

    media_type = "image/svg+xml"


router = APIRouter(
    tags=["Redirects"],
    dependencies=[limited_by_address],
    responses=problems(404, 410, 429, 500, 503),
)
ShortCode = Annotated[
    str, Path(alias="shortCode", pattern=f"^{CODE_PATTERN}$", description="The link's code.")
]
CACHED = {"Cache-Control": header("string")}


@router.get(
    "/{shortCode:code}",
    status_code=302,
    response_class=Response,
    responses={302: {"headers": {"Location": header("string"), **CACHED}}},
)
async def follow_link(
    request: Request, session: Session, cache: Cache, accesses: Accesses, code: ShortCode
) -> Response:
    """Redirect to the link's URL."""
    moment = now()
    target = await find_target(session, cache, code, moment)
    if request.scope.get("original_method") != "HEAD":
        referrer = referring_host(request.headers.get("referer", ""))
        browser = family_of(request.headers.get("user-agent", ""))
        accesses.add(target.link_id, moment, referrer, browser)
    return Response(
        status_code=302, headers={"Location": target.url, "Cache-Control": CACHE_CONTROL}
    )


@router.get(
    "/{shortCode:code}.png", response_class=PngResponse, responses={200: {"headers": CACHED}}
)
async def get_qr_code_png(
    session: Session, cache: Cache, base_url: BaseUrl, code: ShortCode
) -> Response:
    """Draw the QR code of the short URL."""
    await find_target(session, cache, code, now())
    picture = await asyncio.to_thread(qr_codes.png, f"{base_url}/{code}")
    return PngResponse(picture, headers={"Cache-Control": CACHE_CONTROL})


@router.get(
    "/{shortCode:code}.svg", response_class=SvgResponse, responses={200: {"headers": CACHED}}
)
async def get_qr_code_svg(
    session: Session, cache: Cache, base_url: BaseUrl, code: ShortCode
) -> Response:
    """Draw the QR code of the short URL."""
    await find_target(session, cache, code, now())
    drawing = await asyncio.to_thread(qr_codes.svg, f"{base_url}/{code}")
    return SvgResponse(drawing, headers={"Cache-Control": CACHE_CONTROL})


def referring_host(referer: str) -> str:
    """Return the host of a `Referer` header; empty when it names none that could be one."""
    try:
        host = urlsplit(referer).hostname or ""
    except ValueError:
        return ""
    return host if HOST.fullmatch(host) else ""
