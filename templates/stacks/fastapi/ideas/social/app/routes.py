"""The application's name, and the routers of its resources."""

from app import rate_limits, redis
from app.api import Api
from app.auth.router import router as sessions
from app.media import router as media
from app.media import storage
from app.moderation.router import router as moderation
from app.notifications.router import router as notifications
from app.oidc import client
from app.oidc.router import router as oidc
from app.posts.router import router as posts
from app.profiles.router import router as profiles
from app.relations.router import router as relations
from app.timelines import cache
from app.timelines.router import router as timelines
from app.users.router import router as users

MAX_IMAGE_BYTES = 5 * 2**20

API = Api(
    title="Social Network API",
    routers={
        # The timelines come first: /posts/search is theirs, and no id of a post.
        "/api/v1": [
            timelines,
            posts,
            users,
            sessions,
            oidc,
            profiles,
            relations,
            media.uploads,
            notifications,
            moderation,
        ],
        "": [media.files],
    },
    lifespans=[
        redis.lifespan,
        rate_limits.lifespan,
        cache.lifespan,
        storage.lifespan,
        client.lifespan,
    ],
    allowed_headers=["Authorization"],
    body_limits={"/api/v1/media": MAX_IMAGE_BYTES},
)
