"""The live side, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from app.live.hub import Hub


async def get_hub(connection: HTTPConnection) -> Hub:
    """Return the application's hub."""
    hub: Hub = connection.app.state.hub
    return hub


CurrentHub = Annotated[Hub, Depends(get_hub)]
