"""The application's name, and the routers of its resources."""

from app.api import Api
from app.todos.router import router as todos

API = Api(
    title="To-Do List API",
    routers={"/api/v1": [todos]},
    exposed_headers=["Link", "X-Total-Count"],
)
