"""Puts the application together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.middleware import Middleware

from app import health
from app.api import Api, Lifespan
from app.database import Database
from app.error_handlers import METHODS, register_handlers
from app.logging import configure_logging
from app.middleware import (
    BodyLimitMiddleware,
    ErrorMiddleware,
    HeadMiddleware,
    RequestLogMiddleware,
    SecurityHeadersMiddleware,
)
from app.openapi import Application, operation_id
from app.routes import API
from app.settings import Settings, load_settings

ALLOWED_HEADERS = ["Content-Type", "X-Request-ID"]
EXPOSED_HEADERS = ["Location", "Retry-After", "X-Request-ID"]
# The page of /docs loads its script and style from a CDN.
DOCS_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src data: https://fastapi.tiangolo.com; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net"
)


def create_app(settings: Settings | None = None, api: Api = API) -> FastAPI:
    """Return the application; its settings come from the environment unless they are given."""
    settings = settings or load_settings()
    configure_logging(settings)
    app = Application(
        title=api.title,
        version="1.0.0",
        lifespan=_lifespan(api),
        middleware=_middleware(settings, api),
        generate_unique_id_function=operation_id,
        # A redirect from /todos/ to /todos would repeat a host that the client made up.
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    register_handlers(app)
    for prefix, routers in api.routers.items():
        for router in routers:
            app.include_router(router, prefix=prefix, dependencies=api.dependencies)
    app.include_router(health.router)
    if not settings.is_production:
        app.add_api_route("/docs", _docs, include_in_schema=False)
    return app


def _lifespan(api: Api) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = Database(app.state.settings.sqlalchemy_url)
        async with AsyncExitStack() as started:
            started.push_async_callback(app.state.database.close)
            for each in api.lifespans:
                await started.enter_async_context(each(app))
            yield

    return lifespan


def _middleware(settings: Settings, api: Api) -> list[Middleware]:
    """Return the middlewares from the outermost to the innermost."""
    return [
        Middleware(RequestLogMiddleware),
        Middleware(SecurityHeadersMiddleware),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_allowed_origins,
            allow_credentials=api.allow_credentials and "*" not in settings.cors_allowed_origins,
            allow_methods=METHODS,
            allow_headers=[*ALLOWED_HEADERS, *api.allowed_headers],
            expose_headers=[*EXPOSED_HEADERS, *api.exposed_headers],
        ),
        Middleware(ErrorMiddleware),
        Middleware(BodyLimitMiddleware, limit=settings.max_body_bytes, limits=api.body_limits),
        Middleware(HeadMiddleware),
    ]


async def _docs(request: Request) -> HTMLResponse:
    page = get_swagger_ui_html(openapi_url="/openapi.json", title=request.app.title)
    page.headers["Content-Security-Policy"] = DOCS_CONTENT_SECURITY_POLICY
    return page
