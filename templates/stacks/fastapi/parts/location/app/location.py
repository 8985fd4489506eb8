"""Where something new is found."""

from typing import Annotated, Protocol
from urllib.parse import quote

from fastapi import Depends, Request, Response

from app.links import BaseUrl


class Locator(Protocol):
    """Puts the absolute URL of a route into the answer's `Location`."""

    def __call__(self, route: str, **path: str) -> None: ...


async def get_locator(request: Request, response: Response, base_url: BaseUrl) -> Locator:
    """Return what a route that makes something needs."""

    def locate(route: str, **path: str) -> None:
        parts = {name: quote(value, safe="") for name, value in path.items()}
        where = request.app.url_path_for(route, **parts)
        response.headers["Location"] = base_url + str(where)

    return locate


Locate = Annotated[Locator, Depends(get_locator)]
