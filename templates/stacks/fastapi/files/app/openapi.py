"""The OpenAPI document that the application serves at /openapi.json.

docs/openapi.yaml is the contract, written by hand; a test compares the two.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel
from pydantic.json_schema import models_json_schema

from app.problems import MEDIA_TYPE, InvalidProblem, Problem, title

REFERENCE = "#/components/schemas/{model}"
# FastAPI's description of a 422.
FASTAPI_ERROR = "HTTPValidationError"


class Application(FastAPI):
    """A FastAPI application whose document describes the errors as they are: as problems."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        schemas = document["components"]["schemas"]
        if schemas.pop(FASTAPI_ERROR, None):
            del schemas["ValidationError"]
            _remove_fastapi_errors(document)
        _, problem_schemas = models_json_schema(
            [(Problem, "serialization"), (InvalidProblem, "serialization")],
            ref_template=REFERENCE,
        )
        schemas.update(problem_schemas["$defs"])
        return document


def _remove_fastapi_errors(document: dict[str, Any]) -> None:
    """Remove the 422 that FastAPI writes where none is declared; we never answer it.

    An operation whose only parameter is an id answers 404 to one of the wrong form.
    """
    reference = {"$ref": REFERENCE.format(model=FASTAPI_ERROR)}
    for path in document["paths"].values():
        for operation in path.values():
            content = operation["responses"].get("422", {}).get("content", {})
            if content.get("application/json", {}).get("schema") == reference:
                del operation["responses"]["422"]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of an operation that can answer problems with these statuses."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    model = InvalidProblem if status == 422 else Problem
    response: dict[str, Any] = {
        "description": title(status),
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model=model.__name__)}},
        },
    }
    return response | ({"headers": {"Retry-After": header("integer")}} if status == 503 else {})


def header(schema_type: str) -> dict[str, Any]:
    """Describe a header that the answer always has."""
    return {"required": True, "schema": {"type": schema_type}}


def operation_id(route: APIRoute) -> str:
    """Name an operation like its function, in camelCase: list_todos is listTodos."""
    return to_camel(route.name)
