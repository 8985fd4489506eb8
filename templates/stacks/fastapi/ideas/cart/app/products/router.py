"""The HTTP side of the catalogue."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from app.auth.dependencies import OptionalVisitor, Staff
from app.database import Session
from app.fields import Slug
from app.location import Locate
from app.openapi import header, problems
from app.pages import Page, PageParameters
from app.products import service
from app.products.schemas import (
    CategoryBody,
    NewProduct,
    NewStockCorrection,
    ProductBody,
    ProductChanges,
    ProductQuery,
    StockCorrectionBody,
)

router = APIRouter(tags=["Catalogue"], responses=problems(500, 503))

ProductSlug = Annotated[Slug, Path(alias="slug", description="The product's slug.")]


@router.get("/products", responses=problems(422))
async def list_products(
    session: Session, query: Annotated[ProductQuery, Query()]
) -> Page[ProductBody]:
    """List the products that are not archived."""
    products, total = await service.list_products(session, query)
    return Page[ProductBody].of([ProductBody.of(each) for each in products], query, total)


@router.post(
    "/products",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 401, 403, 409, 413, 415, 422),
    },
)
async def create_product(
    session: Session, locate: Locate, staff: Staff, new: NewProduct
) -> ProductBody:
    """Create a product."""
    product = await service.create_product(session, new, staff)
    locate("get_product", slug=product.slug)
    return ProductBody.of(product)


@router.get("/products/{slug}", responses=problems(404))
async def get_product(session: Session, visitor: OptionalVisitor, slug: ProductSlug) -> ProductBody:
    """Read a product."""
    user = visitor.user if visitor else None
    return ProductBody.of(await service.get_product(session, slug, user))


@router.patch("/products/{slug}", responses=problems(400, 401, 403, 404, 409, 413, 415, 422))
async def patch_product(
    session: Session, _staff: Staff, slug: ProductSlug, changes: ProductChanges
) -> ProductBody:
    """Change fields of a product, or archive it."""
    return ProductBody.of(await service.change_product(session, slug, changes))


@router.get("/products/{slug}/stock-corrections", responses=problems(401, 403, 404, 422))
async def list_stock_corrections(
    session: Session,
    _staff: Staff,
    slug: ProductSlug,
    parameters: Annotated[PageParameters, Query()],
) -> Page[StockCorrectionBody]:
    """List who changed the stock by hand, when, by how much and why."""
    corrections, total = await service.list_stock_corrections(session, slug, parameters)
    bodies = [StockCorrectionBody.of(each) for each in corrections]
    return Page[StockCorrectionBody].of(bodies, parameters, total)


@router.post(
    "/products/{slug}/stock-corrections",
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422),
)
async def create_stock_correction(
    session: Session, staff: Staff, slug: ProductSlug, correction: NewStockCorrection
) -> ProductBody:
    """Add to the stock and record it."""
    return ProductBody.of(await service.correct_stock(session, slug, correction, staff))


@router.get("/categories", responses=problems(422))
async def list_categories(
    session: Session, parameters: Annotated[PageParameters, Query()]
) -> Page[CategoryBody]:
    """List the categories by name."""
    rows, total = await service.list_categories(session, parameters)
    bodies = [CategoryBody.of(category, products) for category, products in rows]
    return Page[CategoryBody].of(bodies, parameters, total)
