"""What a client has to be told when something goes wrong.

Code raises these errors and knows nothing of answers; app/error_handlers.py answers them, and
app/problems.py says what the answer's body looks like.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

# RFC 9110 renamed these two; Python has the new names since 3.13.
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


class ServiceError(Exception):
    """Base of all errors that are answered as they are. The message is shown to the client.

    A subclass says by which status it is answered; it may add headers, and members for what a
    program has to know beside the message.
    """

    status = 500
    detail = "Something went wrong on our side."
    headers: Mapping[str, str] = {}
    members: Mapping[str, Any] = {}

    def __init__(
        self,
        detail: str | None = None,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status or self.status
        self.detail = detail or self.detail
        self.headers = headers or self.headers
        super().__init__(self.detail)


class NotFoundError(ServiceError):
    """What was asked for does not exist, or not for this client."""

    status = 404
    detail = "There is nothing at this address."


class InvalidInput(NamedTuple):
    """One value of a request that is not valid.

    Args:
        location: Where it is: "body", "query", "header" or "cookie", then the names and indexes
            that lead to it.
        detail: What is wrong with it.
    """

    location: tuple[str | int, ...]
    detail: str


class InvalidInputError(ServiceError):
    """Values of a request are not valid."""

    status = 422
    detail = "The request is not valid."

    def __init__(self, *inputs: InvalidInput) -> None:
        self.inputs = inputs
        super().__init__()


class DatabaseUnavailableError(ServiceError):
    """The database cannot be reached or does not answer in time."""

    status = 503
    detail = "The database does not answer. Try again later."
    headers: Mapping[str, str] = {"Retry-After": "5"}


def title(status: int) -> str:
    """Return the name of a status code, as RFC 9110 has it."""
    return TITLES.get(status) or HTTPStatus(status).phrase
