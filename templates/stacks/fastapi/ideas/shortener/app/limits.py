"""How many requests a client may send."""

from fastapi import Depends, Request

from app.rate_limits import Limits, client_address
from app.settings import Settings


async def limit_address(request: Request, limits: Limits) -> None:
    """Count a request of an address.

    Raises:
        TooManyRequestsError: The address has sent too many.
    """
    settings: Settings = request.app.state.settings
    await limits.hit(settings.rate_limit_per_address, "address", client_address(request))


limited_by_address = Depends(limit_address)
