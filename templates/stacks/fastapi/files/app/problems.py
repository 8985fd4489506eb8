"""Errors as clients see them: problem details as RFC 9457 describes them."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import MISSING, BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.errors import DatabaseUnavailableError, NotFoundError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# RFC 9110 renamed these two; Python has the new names since 3.13.
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
NOTHING_HERE = "There is nothing at this address."
NOT_JSON = "The body is not valid JSON."
# What the framework says, and what we say instead.
DETAILS = {"Not Found": NOTHING_HERE, "There was an error parsing the body": NOT_JSON}

type_reference = Field(json_schema_extra={"format": "uri-reference"})
log = structlog.stdlib.get_logger(__name__)


class InvalidValue(BaseModel):
    """Where an invalid value is and what is wrong with it."""

    pointer: Annotated[str, Field(pattern="^#(/.*)?$")] | MISSING = MISSING
    parameter: str | MISSING = MISSING
    detail: str


class Problem(BaseModel):
    """An error as RFC 9457 describes it."""

    type: Annotated[str, type_reference]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: Annotated[str, type_reference] | MISSING = MISSING


class InvalidProblem(Problem):
    """A problem that names each invalid value."""

    errors: Annotated[list[InvalidValue], Field(min_length=1)]


def problem_response(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: list[InvalidValue] | None = None,
) -> Response:
    """Return a problem as a response; `errors` are the invalid values of a 422."""
    members: dict[str, Any] = {
        "type": "about:blank",
        "title": title(status),
        "status": status,
        "detail": detail,
    }
    problem = InvalidProblem(**members, errors=errors) if errors else Problem(**members)
    return JSONResponse(problem.model_dump(), status, headers, media_type=MEDIA_TYPE)


def title(status: int) -> str:
    """Return the name of a status code, as RFC 9110 has it."""
    return TITLES.get(status) or HTTPStatus(status).phrase


def register_handlers(app: FastAPI) -> None:
    """Make the application answer every expected error with a problem."""
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(_invalid_request)
    app.exception_handler(NotFoundError)(_not_found)
    app.exception_handler(DatabaseUnavailableError)(_database_unavailable)


async def _http_error(request: Request, error: HTTPException) -> Response:
    """Answer what the framework refuses: no such path, no such method, an unreadable body."""
    if error.status_code == 405:
        return _method_not_allowed(request)
    detail = DETAILS.get(error.detail, error.detail)
    return problem_response(error.status_code, detail, error.headers)


def _method_not_allowed(request: Request) -> Response:
    allow = {"Allow": ", ".join([*_methods_of_path(request), "OPTIONS"])}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    return problem_response(405, f"This address does not support {request.method}.", allow)


def _methods_of_path(request: Request) -> list[str]:
    """Return the methods of all routes with the request's path.

    The framework has one route per method, and names only the first one's in `Allow`.
    """

    def answers(method: str) -> bool:
        keys = ("type", "path", "root_path", "headers")
        scope = {key: request.scope[key] for key in keys} | {"method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

    # Whatever answers GET answers HEAD too (app/middleware.py).
    return [method for method in METHODS if answers("GET" if method == "HEAD" else method)]


async def _invalid_request(request: Request, error: RequestValidationError) -> Response:
    """Answer what does not fit the parameters and the body of an operation."""
    places = {item["loc"][0] for item in error.errors()}
    if "path" in places:
        # An id of the wrong form belongs to nothing.
        return problem_response(404, NOTHING_HERE)
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem_response(400, NOT_JSON)
    if "body" in places and await request.body() and not _is_json(request):
        return problem_response(415, "Send the body as application/json.")
    errors = [_invalid_value(item["loc"], item["msg"]) for item in error.errors()]
    return problem_response(422, "The request is not valid.", errors=errors)


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0]
    return media_type.strip().lower() == "application/json"


def _invalid_value(location: tuple[str | int, ...], detail: str) -> InvalidValue:
    source, *path = location
    if source == "body":
        return InvalidValue(pointer=json_pointer(path), detail=detail)
    return InvalidValue(parameter=str(path[0]), detail=detail)


def json_pointer(path: Iterable[str | int]) -> str:
    """Return a JSON Pointer (RFC 6901) as a URI fragment: ["a/b", 0] is "#/a~1b/0"."""
    tokens = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    # Names come from the client: they may hold what UTF-8 cannot, half a surrogate pair.
    return "#" + "".join("/" + quote(token, safe="~", errors="replace") for token in tokens)


async def _not_found(_request: Request, error: NotFoundError) -> Response:
    return problem_response(404, str(error))


async def _database_unavailable(_request: Request, error: DatabaseUnavailableError) -> Response:
    log.warning("database unavailable", error=repr(error.__cause__))
    return problem_response(
        503,
        "The database does not answer. Try again later.",
        {"Retry-After": str(RETRY_AFTER_SECONDS)},
    )
