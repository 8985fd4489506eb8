"""Where something new is found."""

from functools import cache
from typing import Annotated, Protocol
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request, Response

from app.links import BaseUrl


class Locator(Protocol):
    """Puts the absolute URL of a route into the answer's `Location`."""

    def __call__(self, route: str, **path: str) -> None: ...


async def get_locator(request: Request, response: Response, base_url: BaseUrl) -> Locator:
    """Return what a route that makes something needs."""

    def locate(route: str, **path: str) -> None:
        parts = {name: quote(value, safe="") for name, value in path.items()}
        where = _template(request.app, route, *path).format(**parts)
        response.headers["Location"] = base_url + where

    return locate


@cache
def _template(app: FastAPI, route: str, *names: str) -> str:
    """Return a route's path, with its parameters in braces: to find it means to ask all routes."""
    return str(app.url_path_for(route, **{name: f"{{{name}}}" for name in names}))


Locate = Annotated[Locator, Depends(get_locator)]
