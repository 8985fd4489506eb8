"""Turns errors into answers, all in one place."""

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.errors import InvalidInput, InvalidInputError, NotFoundError, ServiceError
from app.problems import MEDIA_TYPE, body_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NOT_JSON = "The body is not valid JSON."
# What the framework says, and what we say instead.
DETAILS = {"Not Found": NotFoundError.detail, "There was an error parsing the body": NOT_JSON}

log = structlog.stdlib.get_logger(__name__)


def error_response(error: ServiceError) -> Response:
    """Return an error as a response."""
    body = body_of(error).model_dump(mode="json")
    return JSONResponse(body, error.status, error.headers, media_type=MEDIA_TYPE)


def register_handlers(app: FastAPI) -> None:
    """Make the application answer every expected error."""
    app.exception_handler(ServiceError)(_service_error)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(_invalid_request)


async def _service_error(_request: Request, error: ServiceError) -> Response:
    if error.status >= 500:
        log.warning(error.detail, cause=repr(error.__cause__))
    return error_response(error)


async def _http_error(request: Request, error: HTTPException) -> Response:
    """Answer what the framework refuses: no such path, no such method, an unreadable body."""
    if error.status_code == 405:
        return _method_not_allowed(request)
    detail = DETAILS.get(error.detail, error.detail)
    return error_response(ServiceError(detail, status=error.status_code, headers=error.headers))


def _method_not_allowed(request: Request) -> Response:
    allow = {"Allow": ", ".join([*_methods_of_path(request), "OPTIONS"])}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    detail = f"This address does not support {request.method}."
    return error_response(ServiceError(detail, status=405, headers=allow))


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
        return error_response(NotFoundError())
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return error_response(ServiceError(NOT_JSON, status=400))
    if "body" in places and await request.body() and not _is_json(request):
        return error_response(ServiceError("Send the body as application/json.", status=415))
    inputs = [InvalidInput(tuple(item["loc"]), item["msg"]) for item in error.errors()]
    return error_response(InvalidInputError(*inputs))


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0]
    return media_type.strip().lower() == "application/json"
