"""What app/routes.py tells the modules that are the same in every application."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from fastapi import APIRouter, FastAPI, params

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Api:
    """An application's routes, and what they need around them.

    Args:
        title: The name in the OpenAPI document.
        routers: The routers of all resources, by what their paths begin with. A request is compared
            with them in this order. None is inside another: each level costs time.
        dependencies: What every route of theirs depends on.
        lifespans: What is started after the database, in this order, and stopped before it.
        allowed_headers: Headers that scripts of other origins may send.
        exposed_headers: Headers that scripts of other origins may read.
        allow_credentials: Whether browsers may send cookies from other origins; only from those
            that CORS_ALLOWED_ORIGINS names, never from `*`.
        body_limits: Paths as routes write them ("/api/v1/things/{id}/file"), each with its own
            limit in bytes instead of MAX_BODY_BYTES.
    """

    title: str
    routers: Mapping[str, Sequence[APIRouter]]
    dependencies: Sequence[params.Depends] = ()
    lifespans: Sequence[Lifespan] = ()
    allowed_headers: Sequence[str] = ()
    exposed_headers: Sequence[str] = ()
    allow_credentials: bool = False
    body_limits: Mapping[str, int] = field(default_factory=dict)
