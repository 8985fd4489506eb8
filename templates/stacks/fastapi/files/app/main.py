"""Puts the application together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.middleware import Middleware

from app import health, routes
from app.database import Database
from app.logging import configure_logging
from app.middleware import (
    BodyLimitMiddleware,
    ErrorMiddleware,
    HeadMiddleware,
    RequestLogMiddleware,
    SecurityHeadersMiddleware,
)
from app.openapi import Application, operation_id
from app.problems import METHODS, register_handlers
from app.settings import Settings, load_settings

EXPOSED_HEADERS = ["Link", "Location", "Retry-After", "X-Request-ID", "X-Total-Count"]
# The page of /docs loads its script and style from a CDN.
DOCS_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src data: https://fastapi.tiangolo.com; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net"
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; its settings come from the environment unless they are given."""
    settings = settings or load_settings()
    configure_logging(settings)
    app = Application(
        title=routes.TITLE,
        version="1.0.0",
        lifespan=_lifespan,
        middleware=_middleware(settings),
        generate_unique_id_function=operation_id,
        # A redirect from /todos/ to /todos would repeat a host that the client made up.
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    register_handlers(app)
    app.include_router(routes.router)
    app.include_router(health.router)
    if not settings.is_production:
        app.add_api_route("/docs", _docs, include_in_schema=False)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.database = Database(app.state.settings.sqlalchemy_url)
    yield
    await app.state.database.close()


def _middleware(settings: Settings) -> list[Middleware]:
    """Return the middlewares from the outermost to the innermost."""
    return [
        Middleware(RequestLogMiddleware),
        Middleware(SecurityHeadersMiddleware),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_allowed_origins,
            allow_methods=METHODS,
            allow_headers=["Content-Type", "X-Request-ID"],
            expose_headers=EXPOSED_HEADERS,
        ),
        Middleware(ErrorMiddleware),
        Middleware(BodyLimitMiddleware, limit=settings.max_body_bytes),
        Middleware(HeadMiddleware),
    ]


async def _docs() -> HTMLResponse:
    page = get_swagger_ui_html(openapi_url="/openapi.json", title=routes.TITLE)
    page.headers["Content-Security-Policy"] = DOCS_CONTENT_SECURITY_POLICY
    return page
