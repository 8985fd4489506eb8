"""The application's name, and the routers of its resources."""

from fastapi import APIRouter

from app.api import Api
from app.todos.router import router as todos

router = APIRouter(prefix="/api/v1")
router.include_router(todos)

API = Api(
    title="To-Do List API",
    router=router,
    exposed_headers=["Link", "X-Total-Count"],
)
