"""The application's name, and the routers of its resources."""

from app import rate_limits, redis
from app.api import Api
from app.auth import dependencies as auth
from app.contacts.files import MAX_FILE_BYTES
from app.contacts.router import router as contacts
from app.users.router import router as users

API = Api(
    title="Contact List API",
    routers={"/api/v1": [contacts, users]},
    lifespans=[redis.lifespan, rate_limits.lifespan, auth.lifespan],
    allowed_headers=["Authorization", "If-Match", "If-None-Match"],
    exposed_headers=["Content-Disposition", "ETag"],
    body_limits={"/api/v1/contacts/import": MAX_FILE_BYTES},
)
