"""An account for the tests of sessions, which every application with sessions has."""

from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.users.service import new_user


async def create_user(session: AsyncSession) -> UUID:
    """Store an account and return its id."""
    user = new_user(handle=f"u{uuid4().hex[:20]}", email=None)
    session.add(user)
    await session.commit()
    return user.id
