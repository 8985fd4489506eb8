"""Where something new is found."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Response

from app.links import get_base_url


async def get_locate(request: Request, response: Response) -> Callable[[str], None]:
    """Return a function that puts the absolute URL of a path into the answer's `Location`."""
    base_url = await get_base_url(request)

    def locate(path: str) -> None:
        response.headers["Location"] = base_url + path

    return locate


Locate = Annotated[Callable[[str], None], Depends(get_locate)]
