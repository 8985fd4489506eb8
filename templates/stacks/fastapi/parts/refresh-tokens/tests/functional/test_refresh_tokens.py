"""Sessions and their tokens."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.refresh_tokens import (
    InvalidRefreshTokenError,
    LoginSession,
    RefreshToken,
    end_session,
    end_sessions,
    is_open,
    list_sessions,
    rotate,
    start_session,
)
from app.settings import Settings
from tests.users import create_user

AGENT = "Firefox on Linux"


@pytest.fixture
async def session(app: FastAPI) -> AsyncIterator[AsyncSession]:
    async with app.state.database.session() as session:
        yield session


@pytest.fixture
async def user_id(session: AsyncSession) -> UUID:
    return await create_user(session)


@pytest.fixture
async def first(session: AsyncSession, settings: Settings, user_id: UUID) -> RefreshToken:
    """The first token of a session."""
    first = await start_session(session, settings, user_id, AGENT)
    await session.commit()
    return first


async def test_each_use_brings_the_next_token(
    session: AsyncSession, settings: Settings, first: RefreshToken
) -> None:
    second = await rotate(session, settings, first.token)
    third = await rotate(session, settings, second.token)
    assert len({first.token, second.token, third.token}) == 3
    assert (third.user_id, third.session_id) == (first.user_id, first.session_id)


async def test_a_token_used_again_ends_its_session(
    session: AsyncSession, settings: Settings, first: RefreshToken
) -> None:
    second = await rotate(session, settings, first.token)
    for token in [first.token, second.token]:
        with pytest.raises(InvalidRefreshTokenError):
            await rotate(session, settings, token)
    assert await list_sessions(session, first.user_id) == []


async def test_a_token_used_by_many_at_once_ends_its_session(
    app: FastAPI, session: AsyncSession, settings: Settings, first: RefreshToken
) -> None:
    async def use() -> RefreshToken:
        async with app.state.database.session() as own:
            return await rotate(own, settings, first.token)

    results = await asyncio.gather(*(use() for _ in range(5)), return_exceptions=True)
    (winner,) = [result for result in results if isinstance(result, RefreshToken)]
    assert all(isinstance(r, InvalidRefreshTokenError) for r in results if r is not winner)
    with pytest.raises(InvalidRefreshTokenError):
        await rotate(session, settings, winner.token)


async def test_only_that_session_ends(
    session: AsyncSession, settings: Settings, first: RefreshToken
) -> None:
    other = await start_session(session, settings, first.user_id, AGENT)
    await rotate(session, settings, first.token)
    with pytest.raises(InvalidRefreshTokenError):
        await rotate(session, settings, first.token)
    await rotate(session, settings, other.token)


async def test_a_session_that_is_not_used_expires(
    session: AsyncSession, settings: Settings, first: RefreshToken
) -> None:
    life = timedelta(days=settings.refresh_token_days)
    with time_machine.travel(0, tick=False) as clock:
        token = (await start_session(session, settings, first.user_id, AGENT)).token
        clock.shift(life - timedelta(seconds=1))
        token = (await rotate(session, settings, token)).token
        clock.shift(life)
        with pytest.raises(InvalidRefreshTokenError):
            await rotate(session, settings, token)


async def test_an_expired_session_is_deleted_with_the_next_login(
    session: AsyncSession, settings: Settings, user_id: UUID
) -> None:
    with time_machine.travel(0, tick=False):
        await start_session(session, settings, user_id, AGENT)
    await start_session(session, settings, user_id, AGENT)
    statement = select(LoginSession).where(LoginSession.user_id == user_id)
    assert len((await session.scalars(statement)).all()) == 1


@pytest.mark.parametrize(
    "token", ["", "x", ".", "\0", "\ud800", "ü", f"{uuid4().hex}.x", "0" * 10_000]
)
async def test_any_other_token_is_refused(
    session: AsyncSession, settings: Settings, token: str
) -> None:
    with pytest.raises(InvalidRefreshTokenError):
        await rotate(session, settings, token)


async def test_no_token_is_stored(session: AsyncSession, first: RefreshToken) -> None:
    stored = await session.get_one(LoginSession, first.session_id)
    assert not any(part in stored.token_hash for part in first.token.split("."))
    assert len(stored.token_hash) == 64


async def test_a_user_sees_and_ends_their_own_sessions(
    session: AsyncSession, settings: Settings, first: RefreshToken
) -> None:
    other = await create_user(session)
    assert [each.id for each in await list_sessions(session, first.user_id)] == [first.session_id]
    assert await list_sessions(session, other) == []
    assert not await end_session(session, other, first.session_id)
    assert await is_open(session, first.session_id)
    assert await end_session(session, first.user_id, first.session_id)
    assert not await is_open(session, first.session_id)
    assert not await end_session(session, first.user_id, first.session_id)
    with pytest.raises(InvalidRefreshTokenError):
        await rotate(session, settings, first.token)


async def test_all_sessions_of_a_user_can_be_ended(
    session: AsyncSession, settings: Settings, first: RefreshToken
) -> None:
    other = await start_session(session, settings, await create_user(session), AGENT)
    second = await start_session(session, settings, first.user_id, AGENT)
    await end_sessions(session, first.user_id)
    for token in [first.token, second.token]:
        with pytest.raises(InvalidRefreshTokenError):
            await rotate(session, settings, token)
    await rotate(session, settings, other.token)


@pytest.mark.parametrize("agent", ["", "x" * 10_000, "a\0b"])
async def test_a_client_may_call_itself_anything(
    session: AsyncSession, settings: Settings, user_id: UUID, agent: str
) -> None:
    await start_session(session, settings, user_id, agent)
    (stored,) = await list_sessions(session, user_id)
    assert agent.replace("\0", "").startswith(stored.user_agent)
