"""An account, for the tests of sessions."""

from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.users.models import User


async def create_user(session: AsyncSession) -> UUID:
    """Store somebody and return their id."""
    user_id = uuid4()
    user = User(
        id=user_id,
        email=f"{user_id.hex}@example.com",
        display_name="Somebody",
        name_key="somebody",
        password_hash="",
        confirmed_at=now(),
        created_at=now(),
    )
    session.add(user)
    await session.commit()
    return user_id
