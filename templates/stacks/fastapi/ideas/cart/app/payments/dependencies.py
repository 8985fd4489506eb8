"""Which payment service the shop uses."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.payments.fake import FakeGateway
from app.payments.gateway import PaymentGateway


def make_gateway(sessions: async_sessionmaker[AsyncSession]) -> PaymentGateway:
    """Return the payment service; an adapter of a real one would come from here."""
    return FakeGateway(sessions)


async def get_gateway(request: Request) -> PaymentGateway:
    """Return the payment service."""
    return make_gateway(request.app.state.database.session)


Gateway = Annotated[PaymentGateway, Depends(get_gateway)]
