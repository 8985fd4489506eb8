"""The OpenAPI document that the application serves at /openapi.json.

docs/openapi.yaml is the contract, written by hand; a test compares the two.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from app.errors import title
from app.problems import MEDIA_TYPE, model_of

# FastAPI's description of a 422.
FASTAPI_ERROR = "HTTPValidationError"
REFERENCE = {"$ref": f"#/components/schemas/{FASTAPI_ERROR}"}
# Headers that every error with such a status has.
ERROR_HEADERS = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}


class Application(FastAPI):
    """A FastAPI application whose document describes the errors as they are."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for path in document["paths"].values():
            for operation in path.values():
                _describe_errors(operation["responses"])
        schemas = document["components"]["schemas"]
        if schemas.pop(FASTAPI_ERROR, None):
            del schemas["ValidationError"]
        return document


def _describe_errors(responses: dict[str, Any]) -> None:
    """Give errors their media type; FastAPI describes all answers as of the route's own.

    It also writes a 422 where none is declared. We never answer that one: an operation whose only
    parameter is an id answers 404 to one of the wrong form.
    """
    for status, response in list(responses.items()):
        if not status.startswith(("4", "5")):
            continue
        (content,) = response["content"].values()
        if content["schema"] == REFERENCE:
            del responses[status]
        else:
            response["content"] = {MEDIA_TYPE: content}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of an operation that can answer errors with these statuses."""
    return {status: problem(status, model_of(status)) for status in statuses}


def problem(status: int, model: type[BaseModel]) -> dict[str, Any]:
    """Return the response of an error whose body has a form of its own."""
    response: dict[str, Any] = {"description": title(status), "model": model}
    if name := ERROR_HEADERS.get(status):
        response["headers"] = {name: header("string" if status == 401 else "integer")}
    return response


def header(schema_type: str) -> dict[str, Any]:
    """Describe a header that the answer always has."""
    return {"required": True, "schema": {"type": schema_type}}


def operation_id(route: APIRoute) -> str:
    """Name an operation like its function, in camelCase: list_todos is listTodos."""
    return to_camel(route.name)
