"""What orchestrators and load balancers ask."""

from typing import Literal

from fastapi import APIRouter, Request

from app.database import Database
from app.openapi import problems
from app.schemas import ResponseBody

router = APIRouter(prefix="/health", tags=["Health"], responses=problems(500))


class Health(ResponseBody):
    """A healthy application; an unhealthy one answers a problem."""

    status: Literal["ok"]


@router.get("/live")
async def get_liveness() -> Health:
    """Answer without touching the database: does the process still work?"""
    return Health(status="ok")


@router.get("/ready", responses=problems(503))
async def get_readiness(request: Request) -> Health:
    """Ask the database: can the process serve requests?"""
    database: Database = request.app.state.database
    await database.ping()
    return Health(status="ok")
