"""What can be done with tokens. Knows the database and nothing of HTTP."""

import hashlib
import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import NotFoundError
from app.pages import PageParameters, fetch_page
from app.tokens.models import Token

# Tells people, and programs that search for leaked secrets, what the text is.
PREFIX = "short_"
RANDOM_BYTES = 32
# Asked by every request to the API, so it is put together once.
VALID_TOKEN = select(Token.id).where(Token.hash == bindparam("hash"), Token.revoked_at.is_(None))


def new_token() -> str:
    """Return a token that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def hash_token(token: str) -> str:
    """Return what is stored of a token.

    A fast hash is enough: nobody can try all values of 256 random bits. (Passwords are chosen by
    people, and need a slow one.)
    """
    return hashlib.sha256(token.encode()).hexdigest()


async def create_token(session: AsyncSession, name: str) -> tuple[Token, str]:
    """Store a new token, and return it with the text that opens the API."""
    text = new_token()
    token = Token(name=name, hash=hash_token(text), created_at=now())
    session.add(token)
    await session.commit()
    return token, text


async def list_tokens(
    session: AsyncSession, parameters: PageParameters
) -> tuple[Sequence[Token], int]:
    """Return one page of the tokens that are not revoked, and how many there are in all."""
    tokens = (
        select(Token)
        .where(Token.revoked_at.is_(None))
        .order_by(Token.created_at.desc(), Token.id.desc())
    )
    return await fetch_page(session, tokens, parameters)


async def find_token(session: AsyncSession, text: str) -> UUID | None:
    """Return the id of the token that a client has sent, unless it is unknown or revoked."""
    return await session.scalar(VALID_TOKEN, {"hash": hash_token(text)})


async def revoke_token(session: AsyncSession, token_id: UUID) -> None:
    """Close the API to a token. Its links go on redirecting.

    Raises:
        NotFoundError: There is none with this id, or it is revoked already.
    """
    statement = (
        update(Token)
        .where(Token.id == token_id, Token.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(Token.id)
    )
    if await session.scalar(statement) is None:
        raise NotFoundError("There is no token with this id.")
    await session.commit()
