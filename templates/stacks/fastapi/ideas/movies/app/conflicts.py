"""Errors of requests that are valid but do not fit what is stored, or who is asking."""

from app.errors import ServiceError


class ConflictError(ServiceError):
    """What is stored does not allow it."""

    status = 409


class ForbiddenError(ServiceError):
    """We know who is asking, and they may not do this."""

    status = 403
