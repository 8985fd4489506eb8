"""The application's name, and the routers of its resources."""

from app import rate_limits, redis
from app.api import Api
from app.articles.router import articles, tags
from app.auth.router import router as auth
from app.comments.router import router as comments
from app.favorites.router import router as favorites
from app.profiles.router import router as profiles
from app.users.router import router as users

API = Api(
    title="Blog API",
    # A request is compared with them in this order: what is asked for most comes first.
    routers={"/api": [articles, tags, profiles, favorites, comments, auth, users]},
    lifespans=[redis.lifespan, rate_limits.lifespan],
    allowed_headers=["Authorization"],
)
