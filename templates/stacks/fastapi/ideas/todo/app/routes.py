"""The application's name, and the routers of its resources."""

from fastapi import APIRouter

from app.todos.router import router as todos

TITLE = "To-Do List API"

router = APIRouter(prefix="/api/v1")
router.include_router(todos)
