"""What happens to every request and every answer, whatever the route.

These are plain ASGI middlewares: they see bodies as streams, and cost next to nothing.
"""

import re
import time
from collections.abc import Mapping
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.error_handlers import error_response
from app.errors import ServiceError

SECURITY_HEADERS = {
    # Answers are data: a browser that shows one must not run, load or embed anything.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    # No cache between us and the client keeps an answer; a route may say otherwise.
    "Cache-Control": "no-store",
}

access_log = structlog.stdlib.get_logger("app.access")
error_log = structlog.stdlib.get_logger("app.error")


class RequestLogMiddleware:
    """Give each request an id, put it on all log lines and the answer, and log one line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        started = time.perf_counter()
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                access_log.info(
                    "request",
                    method=scope["method"],
                    # Without the query, which may hold what people searched for.
                    path=scope["path"],
                    status=status,
                    duration_ms=round((time.perf_counter() - started) * 1000, 1),
                    client=scope["client"][0] if scope["client"] else None,
                )


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if re.fullmatch("[A-Za-z0-9._-]{1,64}", given) else str(uuid4())


class SecurityHeadersMiddleware:
    """Add the security headers to every answer that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class ErrorMiddleware:
    """Answer an unexpected error without telling its cause.

    Starlette has the like, but outside of all middleware, so that its answers lack the CORS
    headers and a browser's script could not read them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def remember_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, remember_start)
        except Exception:
            error_log.exception("unhandled error")
            if started:
                raise
            await error_response(ServiceError())(scope, receive, send)


class BodyLimitMiddleware:
    """Refuse a body that is too large, declared or not, or in another encoding than UTF-8.

    Args:
        app: The application inside.
        limit: The limit in bytes.
        limits: Paths that have another limit, as routes write them.
    """

    def __init__(self, app: ASGIApp, limit: int, limits: Mapping[str, int]) -> None:
        self.app = app
        self.limit = limit
        self.limits = {compile_path(path)[0]: own for path, own in limits.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        error = ServiceError(f"The body may have at most {limit} bytes.", status=413)
        if _declared_size(scope) > limit:
            await error_response(error)(scope, receive, send)
            return
        size = 0

        async def counting_receive() -> Message:
            nonlocal size
            message = await receive()
            body = message.get("body", b"")
            # Python would guess UTF-16 or UTF-32; no JSON in UTF-8 begins like that.
            if size == 0 and b"\0" in body[:4] and _is_json(scope):
                raise HTTPException(400, "The body is not valid JSON.")
            size += len(body)
            if size > limit:
                raise HTTPException(error.status, error.detail)
            return message

        await self.app(scope, counting_receive, send)

    def _limit_of(self, path: str) -> int:
        own = (limit for pattern, limit in self.limits.items() if pattern.match(path))
        return next(own, self.limit)


def _is_json(scope: Scope) -> bool:
    media_type = Headers(scope=scope).get("content-type", "").partition(";")[0]
    return media_type.strip().lower() == "application/json"


def _declared_size(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    # The servers refuse a length that is not a number.
    return int(length) if length.isdecimal() else 0


class HeadMiddleware:
    """Answer HEAD on every route that answers GET: the same headers and no body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A route that has to know finds the method of the request as `original_method`.
        get = {**scope, "method": "GET", "original_method": "HEAD"}
        await self.app(get, receive, send_without_body)
