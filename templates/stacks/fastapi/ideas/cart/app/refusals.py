"""What does not go together with what is stored, or is not allowed to this person."""

from collections.abc import Mapping

from app.errors import ServiceError


class ConflictError(ServiceError):
    """The request does not go together with what is stored; the message says why."""

    status = 409


class ForbiddenError(ServiceError):
    """This client may not do this."""

    status = 403


class UnauthorizedError(ServiceError):
    """Nobody is logged in who could do this."""

    status = 401
    detail = "Log in first."
    # RFC 9110 wants to know how; there is no registered name for sessions in cookies.
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Cookie realm="shop"'}
