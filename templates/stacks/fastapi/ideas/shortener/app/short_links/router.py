"""The HTTP side of links."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, status
from pydantic import MISSING

from app.database import Session
from app.links import BaseUrl
from app.location import Locate
from app.openapi import header, problems
from app.pages import Page, PageParameters
from app.settings import Settings
from app.short_links import service
from app.short_links.cache import Cache
from app.short_links.codes import CODE_PATTERN
from app.short_links.schemas import LinkBody, LinkChanges, NewLink
from app.short_links.service import Links
from app.short_links.targets import host_of
from app.tokens.dependencies import CurrentTokenId

router = APIRouter(
    prefix="/links",
    tags=["Links"],
    responses=problems(401, 429, 500, 503),
)

LinkCode = Annotated[
    str, Path(alias="shortCode", pattern=f"^{CODE_PATTERN}$", description="The link's code.")
]


async def get_links(token_id: CurrentTokenId, session: Session, cache: Cache) -> Links:
    """Return the links of the token that the request has sent."""
    return Links(session, cache, token_id)


OwnLinks = Annotated[Links, Depends(get_links)]


def check_target(request: Request, base_url: str, url: str) -> None:
    """Make sure that a link may lead to a URL, by the settings of the application.

    Raises:
        InvalidInputError: It may not.
    """
    settings: Settings = request.app.state.settings
    service.check_target(url, host_of(base_url), private_hosts=settings.allow_private_hosts)


@router.get("", responses=problems(422))
async def list_links(
    links: OwnLinks, base_url: BaseUrl, parameters: Annotated[PageParameters, Query()]
) -> Page[LinkBody]:
    """List the token's links, the newest first."""
    page, total = await links.list(parameters)
    return Page[LinkBody].of([LinkBody.of(link, base_url) for link in page], parameters, total)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 409, 413, 415, 422),
    },
)
async def create_link(
    request: Request, locate: Locate, links: OwnLinks, base_url: BaseUrl, new: NewLink
) -> LinkBody:
    """Create a link."""
    check_target(request, base_url, new.url)
    link = await links.create(new)
    locate("get_link", shortCode=link.short_code)
    return LinkBody.of(link, base_url)


@router.get("/{shortCode}", responses=problems(404))
async def get_link(links: OwnLinks, base_url: BaseUrl, code: LinkCode) -> LinkBody:
    """Read a link."""
    return LinkBody.of(await links.get(code), base_url)


@router.patch("/{shortCode}", responses=problems(400, 404, 413, 415, 422))
async def patch_link(
    request: Request, links: OwnLinks, base_url: BaseUrl, code: LinkCode, changes: LinkChanges
) -> LinkBody:
    """Change fields of a link."""
    if changes.url is not MISSING:
        check_target(request, base_url, changes.url)
    return LinkBody.of(await links.change(code, changes), base_url)


@router.delete("/{shortCode}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
async def delete_link(links: OwnLinks, code: LinkCode) -> None:
    """Delete a link."""
    await links.delete(code)
