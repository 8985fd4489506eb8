"""The application with a few routes more: the tests of what all routes share use only these.

`python -m tests.probe` serves it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import text

from app import main
from app.__main__ import main as serve
from app.database import Session
from app.errors import ServiceError
from app.links import BaseUrl
from app.routes import API
from app.schemas import RequestBody, Text, json_integer
from app.settings import Settings

router = APIRouter(prefix="/probe")


class Thing(RequestBody):
    """A body with one field of each kind."""

    display_name: Text
    amount: Annotated[int, json_integer] = 0


@router.post("")
async def take(thing: Thing) -> str:
    return f"{thing.amount} x {thing.display_name}"


@router.get("")
async def find(limit: int = 10) -> list[str]:
    return ["found"][:limit]


@router.put("/files/{name}")
async def take_file(request: Request, name: str) -> int:  # noqa: ARG001
    return len(await request.body())


@router.get("/url")
async def get_url(base_url: BaseUrl) -> str:
    return base_url


@router.get("/broken")
async def broken() -> None:
    raise RuntimeError("the password is hunter2")


class ConflictError(ServiceError):
    """An error with a member of its own."""

    status = 409
    detail = "There is another one."
    members: Mapping[str, str] = {"other": "/probe/things/2"}


@router.get("/conflict")
async def conflict() -> None:
    raise ConflictError


@router.get("/database")
async def use_database(session: Session) -> None:
    await session.execute(text("SELECT 1"))


@router.get("/things/{thing_id}")
async def get_thing(thing_id: UUID) -> UUID:
    return thing_id


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application with the routes above."""
    body_limits = {**API.body_limits, "/probe/files/{name}": 1_000_000}
    app = main.create_app(settings, replace(API, body_limits=body_limits))
    app.include_router(router, include_in_schema=False)
    return app


if __name__ == "__main__":
    serve("tests.probe:create_app")
