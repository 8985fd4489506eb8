"""What clients send and get."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, Field

from app.fields import Name
from app.permissions import Role
from app.schemas import RequestBody, ResponseBody


class NewOrganisation(RequestBody):
    """An organisation to make."""

    name: Name


class OrganisationChanges(RequestBody):
    """The fields to change; the others stay as they are."""

    name: Name | MISSING = MISSING


class OrganisationBody(ResponseBody):
    """An organisation as one of its members sees it."""

    id: UUID
    name: str
    role: Role
    member_count: Annotated[int, Field(ge=1)]
    created_at: datetime


class PermissionBody(ResponseBody):
    """Who may do something."""

    action: str
    roles: list[Role]
    condition: str


class PermissionTable(ResponseBody):
    """Which role may do what."""

    items: list[PermissionBody]
