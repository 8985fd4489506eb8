"""The HTTP side of accounts."""

from fastapi import APIRouter, Request, status

from app.auth.dependencies import AppSettings, CurrentUser
from app.database import Session
from app.openapi import problems
from app.rate_limits import Limits, client_address
from app.refusals import ForbiddenError
from app.users import service
from app.users.schemas import Accepted, Confirmation, Me, MeChanges, NewPassword, NewUser
from app.users.schemas import PasswordReset as Forgotten

router = APIRouter(tags=["Accounts"], responses=problems(500, 503))


@router.post(
    "/users",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(400, 413, 415, 422, 429),
)
async def register_user(
    request: Request, session: Session, settings: AppSettings, limits: Limits, new: NewUser
) -> Accepted:
    """Register."""
    await limits.hit(settings.registration_limit, "registration", client_address(request))
    await service.register(session, settings, new)
    return Accepted(detail="A mail is on its way.")


@router.post(
    "/users/confirm",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(400, 410, 413, 415, 422),
)
async def confirm_email(
    session: Session, settings: AppSettings, confirmation: Confirmation
) -> None:
    """Confirm an address."""
    await service.confirm_email(session, settings, confirmation.token)


@router.get("/users/me", responses=problems(401))
async def get_me(me: CurrentUser) -> Me:
    """Answer the user whose token is sent."""
    return Me.of(me.user)


@router.patch("/users/me", responses=problems(400, 401, 403, 413, 415, 422, 429))
async def change_me(
    session: Session, settings: AppSettings, limits: Limits, me: CurrentUser, changes: MeChanges
) -> Me:
    """Change oneself."""
    who = ("password", str(me.user.id))
    await limits.check(settings.password_limit, *who)
    try:
        user = await service.change_me(session, me.user.id, me.session_id, changes)
    except ForbiddenError:
        # Whoever finds an open browser must not be able to try passwords in it.
        await limits.hit(settings.password_limit, *who)
        raise
    return Me.of(user)


@router.post(
    "/password-resets",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(400, 413, 415, 422, 429),
)
async def request_password_reset(
    session: Session, settings: AppSettings, limits: Limits, forgotten: Forgotten
) -> Accepted:
    """Send a mail that lets the user set a new password."""
    await limits.hit(settings.reset_limit, "reset", forgotten.email)
    await service.request_password_reset(session, forgotten.email)
    return Accepted(detail="If there is such an account, a mail is on its way.")


@router.post(
    "/password-resets/confirm",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(400, 410, 413, 415, 422),
)
async def reset_password(session: Session, settings: AppSettings, new: NewPassword) -> None:
    """Set a new password."""
    await service.reset_password(session, settings, new.token, new.password)
