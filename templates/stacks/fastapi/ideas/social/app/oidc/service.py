"""Signing in with a provider: authorization code with PKCE, state and nonce."""

import re
import secrets
from datetime import timedelta
from hashlib import sha256

from pydantic import MISSING
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import NotFoundError
from app.oidc.client import OidcClient, Person, SignInFailedError
from app.oidc.models import Authorization, Identity
from app.oidc.providers import Provider
from app.oidc.schemas import AuthorizationBody, AuthorizationResponse
from app.refusals import ConflictError
from app.settings import Settings
from app.users.models import User
from app.users.schemas import EMAIL_PATTERN, RESERVED
from app.users.service import new_user

SECONDS = 600


def get_provider(settings: Settings, name: str) -> Provider:
    """Return a provider of the configuration.

    Raises:
        NotFoundError: There is none with this name.
    """
    for provider in settings.oidc_providers:
        if provider.name == name:
            return provider
    raise NotFoundError("There is no provider with this name.")


async def begin(session: AsyncSession, client: OidcClient, provider: Provider) -> AuthorizationBody:
    """Remember a sign-in, and return where it goes on.

    Raises:
        ProviderUnavailableError: The provider does not answer.
    """
    state, nonce, code_verifier = (secrets.token_urlsafe(32) for _ in range(3))
    url = await client.authorization_url(
        provider, state=state, nonce=nonce, code_verifier=code_verifier
    )
    moment = now()
    await session.execute(delete(Authorization).where(Authorization.expires_at <= moment))
    session.add(
        Authorization(
            state_hash=_hash(state),
            provider=provider.name,
            nonce=nonce,
            code_verifier=code_verifier,
            expires_at=moment + timedelta(seconds=SECONDS),
        )
    )
    await session.commit()
    return AuthorizationBody(authorization_url=url, state=state, expires_in=SECONDS)


async def finish(
    session: AsyncSession,
    client: OidcClient,
    provider: Provider,
    response: AuthorizationResponse,
) -> User:
    """Return whose account the provider's answer opens; the first time this makes it.

    Raises:
        SignInFailedError: The state is not ours, too old or used, or the code proves nothing.
        ConflictError: The address or the chosen handle belongs to another account.
        ProviderUnavailableError: The provider does not answer.
    """
    statement = (
        delete(Authorization)
        .where(
            Authorization.state_hash == _hash(response.state),
            Authorization.provider == provider.name,
            Authorization.expires_at > now(),
        )
        .returning(Authorization.nonce, Authorization.code_verifier)
    )
    begun = (await session.execute(statement)).one_or_none()
    # Committed before the provider is asked: a state is used up by the first try.
    await session.commit()
    if begun is None:
        raise SignInFailedError
    person = await client.exchange(
        provider, code=response.code, nonce=begun.nonce, code_verifier=begun.code_verifier
    )
    user: User | None = await session.scalar(
        select(User)
        .join(Identity, Identity.user_id == User.id)
        .where(Identity.issuer == provider.issuer, Identity.subject == person.sub)
    )
    return user or await _register(session, provider, person, response)


async def _register(
    session: AsyncSession, provider: Provider, person: Person, response: AuthorizationResponse
) -> User:
    email = _email_of(person)
    if email and await session.scalar(select(User.id).where(User.email == email)):
        # Opening that account would trust every provider with every account.
        raise ConflictError("This address has an account here already. Log in there.")
    chosen = None if response.handle is MISSING else response.handle
    user = new_user(
        handle=chosen or await _free_handle(session, person),
        email=email,
        display_name=_name_of(person),
    )
    session.add(user)
    try:
        await session.flush()
        session.add(
            Identity(
                issuer=provider.issuer,
                subject=person.sub,
                user_id=user.id,
                created_at=user.created_at,
            )
        )
        await session.commit()
    except IntegrityError:
        raise ConflictError("This handle is taken.") from None
    return user


def _email_of(person: Person) -> str | None:
    """Return the address, if the provider says that it is really theirs."""
    if not (person.email and person.email_verified and len(person.email) <= 254):
        return None
    return person.email.lower() if re.fullmatch(EMAIL_PATTERN, person.email) else None


def _name_of(person: Person) -> str | None:
    name = (person.name or "").replace("\0", "").strip()[:50].strip()
    return name or None


async def _free_handle(session: AsyncSession, person: Person) -> str:
    """Return a handle like what the provider calls somebody."""
    told = person.preferred_username or (person.email or "").partition("@")[0]
    wanted = re.sub("[^a-z0-9_]", "_", told.lower())[:20]
    if len(wanted) < 3 or wanted in RESERVED:
        wanted = "somebody"
    elif not await session.scalar(select(User.id).where(User.handle == wanted)):
        return wanted
    return f"{wanted}_{secrets.token_hex(4)}"


def _hash(state: str) -> str:
    return sha256(state.encode()).hexdigest()
