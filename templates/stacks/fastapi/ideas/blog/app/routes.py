"""The application's name, and the routers of its resources."""

from fastapi import APIRouter

from app import rate_limits, redis
from app.api import Api
from app.articles.router import articles, tags
from app.auth.router import router as auth
from app.comments.router import router as comments
from app.favorites.router import router as favorites
from app.profiles.router import router as profiles
from app.users.router import router as users

router = APIRouter(prefix="/api")
# What is asked for most comes first: the first router that fits is taken.
for resource in (articles, tags, profiles, favorites, comments, auth, users):
    router.include_router(resource)

API = Api(
    title="Blog API",
    router=router,
    lifespans=[redis.lifespan, rate_limits.lifespan],
    allowed_headers=["Authorization"],
)
