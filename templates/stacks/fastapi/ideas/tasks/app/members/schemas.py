"""What clients send and get."""

from datetime import datetime

from app.permissions import Role
from app.schemas import RequestBody, ResponseBody
from app.users.schemas import UserBody


class RoleChange(RequestBody):
    """A new role."""

    role: Role


class MemberBody(ResponseBody):
    """A member of an organisation."""

    user: UserBody
    role: Role
    joined_at: datetime
