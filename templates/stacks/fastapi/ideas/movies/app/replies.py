"""What writes tell in headers beside their bodies."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Response

from app.location import Locate


@dataclass(frozen=True)
class Reply:
    """The headers of an answer.

    Args:
        response: The answer.
        locate: Tells where something new is.
    """

    response: Response
    locate: Locate

    def tag(self, etag: str) -> None:
        """Tell the version that the body shows."""
        self.response.headers["ETag"] = etag


async def get_reply(response: Response, locate: Locate) -> Reply:
    """Return what a route needs to tell headers."""
    return Reply(response, locate)


Replies = Annotated[Reply, Depends(get_reply)]
