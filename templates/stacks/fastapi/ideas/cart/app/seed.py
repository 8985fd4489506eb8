"""Fills the shop with something to buy: `python -m app.seed`."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.carts.schemas import JsonUuid
from app.clock import now
from app.coupons.models import Kind
from app.database import Database
from app.models import Cart, Category, Coupon, Product, StockCorrection, User
from app.passwords import hash_password
from app.products.schemas import NewProduct
from app.products.service import FIRST_STOCK, search_text_of
from app.schemas import RequestBody
from app.settings import load_settings
from app.users.models import Role
from app.users.schemas import NewUser

SEED = Path(__file__).parent.parent / "seeds" / "shop.json"
BEFORE_ALL = datetime(2025, 1, 1, tzinfo=UTC)

JsonMoment = Annotated[datetime, Field(strict=False)]


class SeedCategory(RequestBody):
    """A category."""

    slug: str
    name: str


class SeedProduct(NewProduct):
    """A product whose id is known, so that documents can name it."""

    id: JsonUuid


class SeedCoupon(RequestBody):
    """A coupon, valid from the beginning."""

    code: str
    kind: Kind
    value: int
    min_subtotal: int = 0
    valid_until: JsonMoment | None = None
    max_uses: int | None = None
    max_uses_per_user: int | None = None


class SeedAccount(NewUser):
    """Somebody to log in as while trying out."""

    role: Role


class Shop(RequestBody):
    """Everything in the file."""

    categories: list[SeedCategory]
    products: list[SeedProduct]
    coupons: list[SeedCoupon]
    accounts: list[SeedAccount]


def read_seed(file: Path = SEED) -> Shop:
    """Read a shop from a JSON file."""
    return Shop.model_validate(json.loads(file.read_text("utf-8")))


async def seed(database: Database, shop: Shop, *, with_accounts: bool) -> int:
    """Store what is not there yet, and return the number of new products.

    Args:
        database: Where.
        shop: What.
        with_accounts: Whether to make the accounts, whose passwords everybody can read here.
    """
    started = now()
    added = 0
    async with database.session() as session:
        for category in shop.categories:
            if await _is_new(session, Category.slug, category.slug):
                session.add(Category(**category.model_dump()))
        await session.flush()
        for place, product in enumerate(shop.products):
            if await _is_new(session, Product.slug, product.slug):
                # One after the other, as if somebody had typed them.
                await _add_product(session, product, started + timedelta(milliseconds=place))
                added += 1
        for coupon in shop.coupons:
            if await _is_new(session, Coupon.code, coupon.code):
                session.add(Coupon(**coupon.model_dump(), valid_from=BEFORE_ALL))
        for account in shop.accounts if with_accounts else []:
            if await _is_new(session, User.email, account.email):
                await _add_account(session, account, started)
        await session.commit()
    return added


async def _is_new(session: AsyncSession, column: InstrumentedAttribute[str], value: str) -> bool:
    return await session.scalar(select(column).where(column == value)) is None


async def _add_product(session: AsyncSession, new: SeedProduct, moment: datetime) -> None:
    product = Product(
        **new.model_dump(),
        search_text=search_text_of(new.name, new.description),
        created_at=moment,
        updated_at=moment,
    )
    session.add(product)
    await session.flush()
    session.add(
        StockCorrection(
            product_id=product.id,
            delta=new.stock,
            stock=new.stock,
            reason=FIRST_STOCK,
            created_at=moment,
        )
    )


async def _add_account(session: AsyncSession, account: SeedAccount, moment: datetime) -> None:
    user = User(
        email=account.email,
        name=account.name,
        password_hash=await hash_password(account.password),
        role=account.role,
        created_at=moment,
    )
    session.add(user)
    await session.flush()
    session.add(Cart(user_id=user.id, changed_at=moment))


async def main() -> None:
    """Fill the database that the settings name; in production without the accounts."""
    settings = load_settings()
    database = Database(settings.sqlalchemy_url)
    try:
        added = await seed(database, read_seed(), with_accounts=not settings.is_production)
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Added {added} products.\n")


if __name__ == "__main__":
    asyncio.run(main())
