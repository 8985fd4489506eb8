"""The application's name, and the routers of its resources."""

from fastapi import APIRouter

from app import rate_limits, redis
from app.api import Api
from app.auth import dependencies as auth
from app.contacts.files import MAX_FILE_BYTES
from app.contacts.router import router as contacts
from app.users.router import router as users

router = APIRouter(prefix="/api/v1")
router.include_router(users)
router.include_router(contacts)

API = Api(
    title="Contact List API",
    router=router,
    lifespans=[redis.lifespan, rate_limits.lifespan, auth.lifespan],
    allowed_headers=["Authorization", "If-Match", "If-None-Match"],
    exposed_headers=["Content-Disposition", "ETag"],
    body_limits={"/api/v1/contacts/import": MAX_FILE_BYTES},
)
