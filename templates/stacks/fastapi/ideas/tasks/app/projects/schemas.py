"""What clients send and get."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from app.fields import LongText, Name
from app.permissions import Role
from app.schemas import RequestBody, ResponseBody
from app.users.schemas import UserBody


class NewProject(RequestBody):
    """A project to make."""

    name: Name
    description: LongText = ""


class ProjectChanges(RequestBody):
    """The fields to change; the others stay as they are."""

    name: Name | MISSING = MISSING
    description: LongText | MISSING = MISSING


class ProjectBody(ResponseBody):
    """A project as a member sees it."""

    id: UUID
    organisation_id: UUID
    name: str
    description: str
    role: Role
    task_count: Annotated[int, Field(ge=0)]
    created_at: datetime


class ProjectRoleChange(RequestBody):
    """A lower role."""

    role: Literal["admin", "member", "viewer"]


class ProjectRoleBody(ResponseBody):
    """A role that is lower in a project."""

    user: UserBody
    role: Role
    organisation_role: Role
