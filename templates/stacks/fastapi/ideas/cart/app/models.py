"""Every model, imported so that Alembic sees its table."""

from app.auth.models import WebSession
from app.carts.models import Cart, CartItem
from app.coupons.models import Coupon, CouponUse
from app.database import Base
from app.orders.models import Order, OrderItem
from app.outbox import HandledEvent, OutboxEvent
from app.payments.models import FakeCharge
from app.products.models import Category, Product, StockCorrection
from app.users.models import User

__all__ = [
    "Base",
    "Cart",
    "CartItem",
    "Category",
    "Coupon",
    "CouponUse",
    "FakeCharge",
    "HandledEvent",
    "Order",
    "OrderItem",
    "OutboxEvent",
    "Product",
    "StockCorrection",
    "User",
    "WebSession",
]
