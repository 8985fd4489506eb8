"""The HTTP side of accounts."""

from fastapi import APIRouter, Depends, status

from app.auth.dependencies import CurrentUser, get_current_visitor
from app.database import Session
from app.location import Locate
from app.openapi import header, problems
from app.users import service
from app.users.schemas import NewUser, UserBody

router = APIRouter(tags=["Session"], responses=problems(500, 503))


@router.post(
    "/users",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(get_current_visitor)],
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 403, 409, 413, 415, 422),
    },
)
async def register_user(session: Session, locate: Locate, new: NewUser) -> UserBody:
    """Make an account."""
    user = await service.register(session, new)
    locate("get_me")
    return UserBody.of(user)


@router.get("/me", responses=problems(401))
async def get_me(user: CurrentUser) -> UserBody:
    """Answer the account that is logged in."""
    return UserBody.of(user)
