"""The HTTP side of GraphQL: one route."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from graphql import GraphQLError
from pydantic import MISSING, Field
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from app.auth.dependencies import Read
from app.configuration import CommonSettings
from app.database import Session, is_unavailable
from app.errors import DatabaseUnavailableError, InvalidInputError, ServiceError
from app.graphql.loaders import Loaders
from app.graphql.schema import Schema, make_schema
from app.graphql.types import Context
from app.openapi import problems
from app.problems import body_of
from app.schemas import RequestBody, ResponseBody

CODES = {
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    412: "PRECONDITION_FAILED",
    422: "BAD_USER_INPUT",
}
NO_OPERATION = {
    "message": "The document has no such operation.",
    "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
}
log = structlog.stdlib.get_logger("app.error")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make the schema; production does not describe it, docs/schema.graphql does."""
    settings: CommonSettings = app.state.settings
    app.state.graphql = make_schema(introspection=not settings.is_production)
    yield


router = APIRouter(tags=["GraphQL"], responses=problems(500, 503), lifespan=lifespan)


class GraphqlRequest(RequestBody):
    """An operation as of GraphQL over HTTP."""

    query: Annotated[str, Field(min_length=1, max_length=20_000)]
    operation_name: Annotated[str, Field(max_length=200)] | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


class GraphqlError(ResponseBody):
    """Something that went wrong."""

    message: str


class GraphqlResponse(ResponseBody):
    """The result as of the GraphQL specification."""

    data: dict[str, Any] | None = None
    errors: list[GraphqlError] | MISSING = MISSING


@router.post(
    "/graphql", response_model=GraphqlResponse, responses=problems(400, 401, 413, 415, 422)
)
async def execute_graphql(
    request: Request, read: Read, writer: Session, body: GraphqlRequest
) -> Response:
    """Execute a GraphQL operation."""
    schema: Schema = request.app.state.graphql
    try:
        result = await schema.execute(
            body.query,
            variable_values=body.variables,
            operation_name=body.operation_name,
            context_value=Context(Loaders(read.session), read.me, writer, request.app),
        )
    except (CannotGetOperationTypeError, InvalidOperationTypeError):
        return _response({"data": None, "errors": [NO_OPERATION]})
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [_told(error) for error in result.errors]
    return _response(answer)


def _response(answer: dict[str, Any]) -> Response:
    # Messages repeat what the client sent, and that may be half a surrogate pair: only JSON's
    # escapes can say it.
    return Response(json.dumps(answer, ensure_ascii=True), media_type="application/json")


def _told(error: GraphQLError) -> dict[str, Any]:
    """Return an error as a client may see it.

    Raises:
        DatabaseUnavailableError: That is the reason; then there is no other answer.
    """
    cause = error.original_error
    if isinstance(cause, Exception) and is_unavailable(cause):
        raise DatabaseUnavailableError from cause
    told = error.formatted
    if isinstance(cause, ServiceError):
        extensions: dict[str, Any] = {"code": CODES.get(cause.status, "ERROR")}
        if isinstance(cause, InvalidInputError):
            extensions["errors"] = body_of(cause).model_dump(mode="json")["errors"]
        return {**told, "message": cause.detail, "extensions": extensions}
    if cause is None or isinstance(cause, GraphQLError):
        extensions = {"code": "GRAPHQL_VALIDATION_FAILED", **(error.extensions or {})}
        return {**told, "extensions": extensions}
    if isinstance(cause, RecursionError):
        return {"message": "The document is nested too deeply.", "extensions": {"code": "TOO_DEEP"}}
    log.error("unhandled error", exc_info=cause)
    extensions = {"code": "INTERNAL_SERVER_ERROR"}
    return {**told, "message": ServiceError.detail, "extensions": extensions}
