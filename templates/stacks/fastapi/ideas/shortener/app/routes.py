"""The application's name, the routers of its resources, and what runs beside them."""

from app import rate_limits, redis
from app.api import Api
from app.redirects.router import router as redirects
from app.short_links import cache
from app.short_links.router import router as short_links
from app.statistics import counter
from app.statistics.router import router as statistics
from app.tokens.router import router as tokens

API = Api(
    title="URL Shortener API",
    # Short URLs are short: they have no prefix.
    routers={"/api/v1": [short_links, statistics, tokens], "": [redirects]},
    lifespans=[redis.lifespan, rate_limits.lifespan, cache.lifespan, counter.lifespan],
    allowed_headers=["Authorization"],
)
