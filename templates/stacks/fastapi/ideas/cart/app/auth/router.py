"""The HTTP side of sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status

from app.auth import service
from app.auth.dependencies import COOKIE, CurrentVisitor, OptionalVisitor, SessionCookie
from app.auth.schemas import Credentials, CsrfToken, LoggedIn
from app.auth.service import UnauthorizedError
from app.database import Session
from app.openapi import header, problems
from app.rate_limits import Limits, client_address
from app.settings import Settings
from app.users.schemas import UserBody

# Wrong passwords for one account from one address.
WRONG_PASSWORDS = "10/15minutes"

router = APIRouter(tags=["Session"], responses=problems(500, 503))


class CookieWriter:
    """Gives the client its session's cookie and takes it away."""

    def __init__(self, request: Request, response: Response) -> None:
        self.settings: Settings = request.app.state.settings
        self._response = response

    def write(self, session_id: str) -> None:
        """Let the client keep a session's id where scripts cannot read it."""
        self._response.set_cookie(
            COOKIE,
            session_id,
            max_age=self.settings.session_max_seconds,
            httponly=True,
            secure=self.settings.is_production,
            samesite="lax",
        )

    def delete(self) -> None:
        """Let the client forget its session."""
        self._response.delete_cookie(COOKIE)


class WrongPasswords:
    """Counts wrong passwords for one account from one address."""

    def __init__(self, request: Request, limits: Limits) -> None:
        self._limits = limits
        self._address = client_address(request)

    async def check(self, email: str) -> None:
        """Make sure that there were not too many.

        Raises:
            TooManyRequestsError: There were.
        """
        await self._limits.check(WRONG_PASSWORDS, "login", email, self._address)

    async def count(self, email: str) -> None:
        """Count one more."""
        await self._limits.hit(WRONG_PASSWORDS, "login", email, self._address)


Cookies = Annotated[CookieWriter, Depends()]


@router.get("/csrf", responses={200: {"headers": {"Set-Cookie": header("string")}}})
async def get_csrf_token(
    session: Session, visitor: OptionalVisitor, cookie: SessionCookie, cookies: Cookies
) -> CsrfToken:
    """Answer the CSRF token of the client's session, which begins here if there is none."""
    if visitor is None or cookie is None:
        cookie = await service.begin_session(session)
        cookies.write(cookie)
    return CsrfToken(csrf_token=service.csrf_token_of(cookie))


@router.post(
    "/login",
    responses={
        200: {"headers": {"Set-Cookie": header("string")}},
        **problems(400, 401, 403, 413, 415, 422, 429),
    },
)
async def log_in(
    session: Session,
    visitor: CurrentVisitor,
    wrong_passwords: Annotated[WrongPasswords, Depends()],
    cookies: Cookies,
    credentials: Credentials,
) -> LoggedIn:
    """Replace the session by one that belongs to an account."""
    await wrong_passwords.check(credentials.email)
    try:
        user, session_id = await service.log_in(session, cookies.settings, visitor, credentials)
    except UnauthorizedError:
        await wrong_passwords.count(credentials.email)
        raise
    cookies.write(session_id)
    return LoggedIn(csrf_token=service.csrf_token_of(session_id), user=UserBody.of(user))


@router.post(
    "/logout",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={204: {"headers": {"Set-Cookie": header("string")}}, **problems(403)},
)
async def log_out(session: Session, visitor: CurrentVisitor, cookies: Cookies) -> None:
    """End the session."""
    await service.log_out(session, visitor)
    cookies.delete()
