"""The bodies of errors: problem details as RFC 9457 describes them."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import quote

from pydantic import MISSING, BaseModel, ConfigDict, Field

from app.errors import InvalidInput, InvalidInputError, ServiceError, title

MEDIA_TYPE = "application/problem+json"

type_reference = Field(json_schema_extra={"format": "uri-reference"})


class InvalidValue(BaseModel):
    """Where an invalid value is and what is wrong with it."""

    pointer: Annotated[str, Field(pattern="^#(/.*)?$")] | MISSING = MISSING
    parameter: str | MISSING = MISSING
    detail: str


class Problem(BaseModel):
    """An error as RFC 9457 describes it. An error's own members are kept beside these."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, type_reference]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: Annotated[str, type_reference] | MISSING = MISSING


class InvalidProblem(Problem):
    """A problem that names each invalid value."""

    errors: Annotated[list[InvalidValue], Field(min_length=1)]


def model_of(status: int) -> type[BaseModel]:
    """Return the form of the body of an error with this status, for the OpenAPI document."""
    return InvalidProblem if status == InvalidInputError.status else Problem


def body_of(error: ServiceError) -> BaseModel:
    """Return an error as the body of an answer."""
    members = {
        "type": "about:blank",
        "title": title(error.status),
        "status": error.status,
        "detail": error.detail,
        **error.members,
    }
    if isinstance(error, InvalidInputError):
        return InvalidProblem(**members, errors=[_invalid_value(item) for item in error.inputs])
    return Problem(**members)


def _invalid_value(item: InvalidInput) -> InvalidValue:
    source, *path = item.location
    if source == "body":
        return InvalidValue(pointer=json_pointer(path), detail=item.detail)
    return InvalidValue(parameter=str(path[0]), detail=item.detail)


def json_pointer(path: Iterable[str | int]) -> str:
    """Return a JSON Pointer (RFC 6901) as a URI fragment: ["a/b", 0] is "#/a~1b/0"."""
    tokens = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    # Names come from the client: they may hold what UTF-8 cannot, half a surrogate pair.
    return "#" + "".join("/" + quote(token, safe="~", errors="replace") for token in tokens)
