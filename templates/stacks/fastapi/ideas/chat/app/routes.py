"""The application's name, and the routers of its resources."""

from app import rate_limits, redis, web
from app.api import Api
from app.auth.router import router as tokens
from app.live import hub
from app.live.router import router as socket
from app.live.tickets import router as tickets
from app.members.router import router as members
from app.messages.router import router as messages
from app.rooms.router import router as rooms
from app.users.router import router as users

API = Api(
    title="Real-time Chat API",
    routers={
        "/api/v1": [rooms, members, messages, users, tokens, tickets],
        "": [socket, web.router],
    },
    lifespans=[redis.lifespan, rate_limits.lifespan, hub.lifespan],
    allowed_headers=["Authorization"],
)
