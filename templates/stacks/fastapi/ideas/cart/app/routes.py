"""The application's name, and the routers of its resources."""

from fastapi import Depends

from app import rate_limits, redis
from app.api import Api
from app.auth.dependencies import check_csrf
from app.auth.router import router as auth
from app.carts.router import router as carts
from app.orders.router import router as orders
from app.products.router import router as products
from app.users.router import router as users

API = Api(
    title="Shopping Cart API",
    routers={"/api/v1": [products, carts, orders, users, auth]},
    dependencies=[Depends(check_csrf)],
    lifespans=[redis.lifespan, rate_limits.lifespan],
    # The session travels in a cookie: pages of another origin may use the API only where
    # CORS_ALLOWED_ORIGINS names their origin.
    allow_credentials=True,
    allowed_headers=["Idempotency-Key", "X-CSRF-Token"],
)
