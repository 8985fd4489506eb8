"""What can be done with the catalogue. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import NotFoundError
from app.folding import fold
from app.pages import PageParameters, fetch_page, fetch_rows
from app.products.models import Category, Product, StockCorrection
from app.products.schemas import (
    MAX_STOCK,
    NewProduct,
    NewStockCorrection,
    ProductChanges,
    ProductQuery,
)
from app.refusals import ConflictError
from app.users.models import User

SORT_COLUMNS = {"name": Product.name, "price": Product.price, "createdAt": Product.created_at}
FIRST_STOCK = "First stock"
UNKNOWN_SLUG = "There is no product with this slug."
# Rows and not objects, which a list does not need.
LIST = select(Product.__table__).where(Product.archived.is_(False))
CATEGORIES = (
    select(Category, func.count(Product.id))
    .outerjoin(Product, and_(Product.category == Category.slug, Product.archived.is_(False)))
    .group_by(Category.slug)
    .order_by(Category.name, Category.slug)
)


def search_text_of(name: str, description: str) -> str:
    """Return what a search looks at."""
    return fold(f"{name}\n{description}")


async def list_products(
    session: AsyncSession, query: ProductQuery
) -> tuple[Sequence[Row[Any]], int]:
    """Return one page of the products that match the query, and how many match in all."""
    column = SORT_COLUMNS[query.sort.removeprefix("-")]
    # The id makes the order of equals the same on every page.
    order = [column.desc(), Product.id.desc()] if query.sort[0] == "-" else [column, Product.id]
    return await fetch_rows(session, _matching(query).order_by(*order), query)


def _matching(query: ProductQuery) -> Select[Any]:
    statement = LIST
    if query.q:
        statement = statement.where(Product.search_text.contains(fold(query.q), autoescape=True))
    if query.category is not None:
        statement = statement.where(Product.category == query.category)
    if query.min_price is not None:
        statement = statement.where(Product.price >= query.min_price)
    if query.max_price is not None:
        statement = statement.where(Product.price <= query.max_price)
    if query.in_stock is not None:
        statement = statement.where(Product.stock > 0 if query.in_stock else Product.stock == 0)
    return statement


async def list_categories(
    session: AsyncSession, parameters: PageParameters
) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """Return one page of the categories with the numbers of their products, and how many."""
    return await fetch_rows(session, CATEGORIES, parameters)


async def get_product(session: AsyncSession, slug: str, user: User | None) -> Product:
    """Return a product.

    Raises:
        NotFoundError: There is none with this slug, or it is archived and the user no staff.
    """
    product = await _find_product(session, slug)
    if product.archived and (user is None or user.role != "staff"):
        raise NotFoundError(UNKNOWN_SLUG)
    return product


async def create_product(session: AsyncSession, new: NewProduct, staff: User) -> Product:
    """Store a new product, and record its first stock as a correction.

    Raises:
        ConflictError: There is a product with this slug, or no such category.
    """
    moment = now()
    product = Product(
        **new.model_dump(),
        search_text=search_text_of(new.name, new.description),
        created_at=moment,
        updated_at=moment,
    )
    session.add(product)
    try:
        await session.flush()
    except IntegrityError:
        await session.rollback()
        await _require_category(session, new.category)
        raise ConflictError("There is a product with this slug already.") from None
    _record(session, product, new.stock, FIRST_STOCK, staff)
    await session.commit()
    return product


async def change_product(session: AsyncSession, slug: str, changes: ProductChanges) -> Product:
    """Change the given fields of a product and no others.

    Raises:
        NotFoundError: There is none with this slug.
        ConflictError: There is no such category.
    """
    values: dict[str, Any] = changes.model_dump()
    if not values:
        return await _find_product(session, slug)
    if "category" in values:
        await _require_category(session, values["category"])
    statement = (
        update(Product)
        .where(Product.slug == slug)
        .values(**values, updated_at=now())
        .returning(Product)
    )
    product = (await session.scalars(statement)).one_or_none()
    if product is None:
        raise NotFoundError(UNKNOWN_SLUG)
    # The row is locked now: nobody changes the name while we look at the description.
    product.search_text = search_text_of(product.name, product.description)
    await session.commit()
    return product


async def correct_stock(
    session: AsyncSession, slug: str, correction: NewStockCorrection, staff: User
) -> Product:
    """Add to a product's stock and record it.

    Raises:
        NotFoundError: There is none with this slug.
        ConflictError: The stock would be negative, or too large.
    """
    stock = Product.stock + correction.delta
    statement = (
        update(Product)
        .where(Product.slug == slug, stock.between(0, MAX_STOCK))
        .values(stock=stock, updated_at=now())
        .returning(Product)
    )
    product = (await session.scalars(statement)).one_or_none()
    if product is None:
        product = await _find_product(session, slug)
        raise ConflictError(
            f"There are {product.stock} in stock: the new stock must be 0 to {MAX_STOCK}."
        )
    _record(session, product, correction.delta, correction.reason, staff)
    await session.commit()
    return product


async def list_stock_corrections(
    session: AsyncSession, slug: str, parameters: PageParameters
) -> tuple[Sequence[StockCorrection], int]:
    """Return one page of a product's corrections, the newest first, and how many there are.

    Raises:
        NotFoundError: There is no product with this slug.
    """
    product = await _find_product(session, slug)
    statement = (
        select(StockCorrection)
        .where(StockCorrection.product_id == product.id)
        .order_by(StockCorrection.created_at.desc(), StockCorrection.id)
    )
    return await fetch_page(session, statement, parameters)


async def take_stock(session: AsyncSession, product_id: UUID, quantity: int, price: int) -> bool:
    """Take pieces out of stock, if there are so many, on sale, at this price.

    The condition is in the statement that changes the row: however many buyers come at once, the
    database lets each see what those before it have left.

    Returns:
        Whether they were taken.
    """
    statement = (
        update(Product)
        .where(
            Product.id == product_id,
            Product.stock >= quantity,
            Product.price == price,
            Product.archived.is_(False),
        )
        .values(stock=Product.stock - quantity)
        .returning(Product.id)
    )
    return await session.scalar(statement) is not None


async def put_back_stock(session: AsyncSession, product_id: UUID, quantity: int) -> None:
    """Put pieces back into stock."""
    await session.execute(
        update(Product).where(Product.id == product_id).values(stock=Product.stock + quantity)
    )


async def _find_product(session: AsyncSession, slug: str) -> Product:
    product = (await session.scalars(select(Product).where(Product.slug == slug))).one_or_none()
    if product is None:
        raise NotFoundError(UNKNOWN_SLUG)
    return product


def _record(session: AsyncSession, product: Product, delta: int, reason: str, staff: User) -> None:
    """Put a change of the stock on record; the caller commits."""
    session.add(
        StockCorrection(
            product_id=product.id,
            delta=delta,
            stock=product.stock,
            reason=reason,
            corrected_by=staff.id,
            created_at=product.updated_at,
        )
    )


async def _require_category(session: AsyncSession, slug: str) -> None:
    if await session.get(Category, slug) is None:
        raise ConflictError(f"There is no category {slug!r}.")
