"""The HTTP side of signing in with a provider."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from app.auth.dependencies import LIMITED_BY_ADDRESS, AppSettings, UserAgent
from app.auth.service import open_session
from app.database import Session
from app.oidc import service
from app.oidc.client import Oidc
from app.oidc.providers import NAME
from app.oidc.schemas import (
    AuthorizationBody,
    AuthorizationResponse,
    ProviderBody,
    ProviderList,
)
from app.openapi import problems
from app.session_schemas import SessionBody

router = APIRouter(prefix="/oidc", tags=["Sessions"], responses=problems(500, 503))


ProviderName = Annotated[str, Path(alias="provider", pattern=NAME)]


@router.get("/providers")
async def list_providers(settings: AppSettings) -> ProviderList:
    """List providers."""
    return ProviderList(
        items=[
            ProviderBody(name=provider.name, title=provider.title)
            for provider in settings.oidc_providers
        ]
    )


@router.post(
    "/{provider}/authorizations",
    status_code=status.HTTP_201_CREATED,
    dependencies=[LIMITED_BY_ADDRESS],
    responses=problems(404, 429),
)
async def begin_authorization(
    session: Session, settings: AppSettings, client: Oidc, name: ProviderName
) -> AuthorizationBody:
    """Begin to sign in with a provider."""
    return await service.begin(session, client, service.get_provider(settings, name))


@router.post(
    "/{provider}/sessions",
    status_code=status.HTTP_201_CREATED,
    dependencies=[LIMITED_BY_ADDRESS],
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def finish_authorization(  # noqa: PLR0913, PLR0917 - what FastAPI brings
    session: Session,
    settings: AppSettings,
    client: Oidc,
    name: ProviderName,
    user_agent: UserAgent,
    response: AuthorizationResponse,
) -> SessionBody:
    """Finish to sign in with a provider."""
    provider = service.get_provider(settings, name)
    user = await service.finish(session, client, provider, response)
    return await open_session(session, settings, user, user_agent)
