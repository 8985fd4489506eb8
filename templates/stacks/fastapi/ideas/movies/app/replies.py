"""What writes tell in headers beside their bodies."""

from typing import Annotated

from fastapi import Depends, Request, Response, status

from app.links import BaseUrl


class Reply:
    """The headers of an answer.

    Args:
        request: What is answered.
        response: The answer.
        base_url: The address of the application.
    """

    def __init__(self, request: Request, response: Response, base_url: str) -> None:
        self._request = request
        self._response = response
        self._base_url = base_url

    def created(self, route: str, **key: str) -> None:
        """Answer 201, and where the new resource is: at the route of this name, with this key."""
        path = str(self._request.app.url_path_for(route, **key))
        self._response.status_code = status.HTTP_201_CREATED
        self._response.headers["Location"] = self._base_url + path

    def tag(self, etag: str) -> None:
        """Tell the version that the body shows."""
        self._response.headers["ETag"] = etag


async def get_reply(request: Request, response: Response, base_url: BaseUrl) -> Reply:
    """Return what a route needs to tell headers."""
    return Reply(request, response, base_url)


Replies = Annotated[Reply, Depends(get_reply)]
