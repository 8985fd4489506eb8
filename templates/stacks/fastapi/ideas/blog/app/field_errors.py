"""Errors about something that has a name in the API: a field, or a thing such as an article."""

from collections.abc import Mapping

from app.errors import ServiceError


class FieldError(ServiceError):
    """The same is wrong with each of the named things.

    Args:
        names: The names, as the answer has them.
        detail: What is wrong, where it is not the same for all errors of the class.
    """

    def __init__(self, *names: str, detail: str | None = None) -> None:
        self.names = names
        super().__init__(detail)


class UnknownError(FieldError):
    """What was asked for does not exist."""

    status = 404
    detail = "not found"


class ForbiddenError(FieldError):
    """It belongs to somebody else."""

    status = 403
    detail = "forbidden"


class TakenError(FieldError):
    """Somebody else has it already."""

    status = 409
    detail = "has already been taken"


class UnauthenticatedError(FieldError):
    """Nobody, or somebody who did not prove who they are."""

    status = 401
    headers: Mapping[str, str] = {"WWW-Authenticate": "Token"}
