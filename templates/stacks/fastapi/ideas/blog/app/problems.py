"""The bodies of errors, in the form of RealWorld: `{"errors": {"title": ["can't be blank"]}}`."""

from pydantic import BaseModel

from app.errors import InvalidInput, InvalidInputError, ServiceError
from app.field_errors import FieldError

MEDIA_TYPE = "application/json"
# What an error is about when it is not about a field or a thing with a name.
NAMES = {
    400: "request",
    404: "path",
    405: "method",
    413: "request",
    415: "request",
    422: "request",
    429: "credentials",
    503: "database",
}
# The objects that bodies are wrapped in.
WRAPPERS = {"article", "comment", "user"}
# What Pydantic says, and what RealWorld says instead.
MESSAGES = {"Field required": "can't be blank", "Extra inputs are not permitted": "is unknown"}


class Errors(BaseModel):
    """What is wrong: names, each with messages for people."""

    errors: dict[str, list[str]]


def model_of(_status: int) -> type[BaseModel]:
    """Return the form of the body of an error: the same whatever went wrong."""
    return Errors


def body_of(error: ServiceError) -> BaseModel:
    """Return an error as the body of an answer."""
    if isinstance(error, InvalidInputError):
        return _invalid(error)
    names = error.names if isinstance(error, FieldError) else [NAMES.get(error.status, "server")]
    return Errors(errors={name: [error.detail] for name in names})


def _invalid(error: InvalidInputError) -> Errors:
    errors: dict[str, list[str]] = {}
    for item in error.inputs:
        messages = errors.setdefault(_name(item), [])
        message = MESSAGES.get(item.detail, item.detail)
        if message not in messages:
            messages.append(message)
    return Errors(errors=errors)


def _name(item: InvalidInput) -> str:
    """Return the field's own name: neither the wrapper's nor the place in a list."""
    path = [part for part in item.location[1:] if isinstance(part, str)]
    if not path:
        return NAMES[InvalidInputError.status]
    name = path[1] if path[0] in WRAPPERS and len(path) > 1 else path[0]
    # Names come from the client: they may hold what UTF-8 cannot, half a surrogate pair.
    return name.encode(errors="replace").decode()
