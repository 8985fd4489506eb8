"""The application's name, and the routers of its resources."""

from app import rate_limits, redis, replica
from app.api import Api
from app.auth.router import router as tokens
from app.credits.router import router as movie_credits
from app.genres.router import router as genres
from app.graphql.router import router as graphql
from app.movies.router import router as movies
from app.people.router import router as people
from app.reviews.router import router as reviews
from app.users.router import router as users
from app.watchlist.router import router as watchlist

API = Api(
    title="Movie Database API",
    # A request is compared with them in this order: what is asked for most comes first.
    routers={
        "/api/v1": [movies, people, movie_credits, reviews, genres, watchlist, users, tokens],
        "": [graphql],
    },
    lifespans=[replica.lifespan, redis.lifespan, rate_limits.lifespan],
    allowed_headers=["Authorization", "If-Match", "If-None-Match"],
    exposed_headers=["ETag"],
)
