"""What clients send and get."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.cursors import CursorParameters
from app.days import Day
from app.fields import JsonUuid, LongText, is_shown, shown, unique
from app.problems import Problem
from app.schemas import TEXT_PATTERN, RequestBody, ResponseBody, Text, strict_boolean
from app.tasks.workflow import Priority, Status
from app.users.schemas import UserBody

MAX_BULK = 100

Title = Annotated[Text, shown(200), is_shown]
Label = Annotated[Text, shown(30), is_shown]
Labels = Annotated[list[Label], Field(max_length=20), unique]
AssigneeIds = Annotated[list[JsonUuid], Field(max_length=20), unique]
ParentId = JsonUuid | None


class NewTask(RequestBody):
    """A task to make."""

    title: Title
    description: LongText = ""
    priority: Priority = "normal"
    assignee_ids: AssigneeIds = Field(default=[])
    labels: Labels = Field(default=[])
    due_date: Day | None = None
    parent_id: ParentId = None


class SharedChanges(RequestBody):
    """The fields that can be changed of many tasks at once; the others stay as they are."""

    status: Status | MISSING = MISSING
    priority: Priority | MISSING = MISSING
    assignee_ids: AssigneeIds | MISSING = MISSING
    labels: Labels | MISSING = MISSING
    due_date: Day | MISSING | None = MISSING


class TaskChanges(SharedChanges):
    """The fields of a task to change; the others stay as they are."""

    title: Title | MISSING = MISSING
    description: LongText | MISSING = MISSING
    parent_id: ParentId | MISSING = MISSING


class BulkChanges(SharedChanges):
    """What to change of many tasks; at least one field."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _changes_something(self) -> "BulkChanges":
        if not self.model_fields_set:
            raise PydanticCustomError("changes", "Must change something.")
        return self


class BulkChange(RequestBody):
    """Tasks, and what to change of them."""

    task_ids: Annotated[list[JsonUuid], Field(min_length=1, max_length=MAX_BULK), unique]
    changes: BulkChanges


class Move(RequestBody):
    """Where to put a task: right after another, or to the beginning."""

    after: JsonUuid | None


Sort = Literal[
    "dueDate", "-dueDate", "priority", "-priority",
    "createdAt", "-createdAt", "updatedAt", "-updatedAt",
]  # fmt: skip


class ProjectTaskQuery(CursorParameters):
    """Which tasks of a project, and where to go on."""

    status: Annotated[Status | None, Field(description="Only tasks with this status.")] = None


class TaskQuery(ProjectTaskQuery):
    """Which tasks of all projects, in which order, and where to go on."""

    organisation_id: Annotated[
        UUID | None, Field(description="Only tasks of this organisation.")
    ] = None
    assignee_id: Annotated[
        UUID | None, Field(description="Only tasks that this user is assigned to.")
    ] = None
    label: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=30,
            pattern=TEXT_PATTERN,
            description="Only tasks with this label.",
        ),
    ] = None
    due_before: Annotated[
        Day | None, Field(description="Only tasks that are due before this day.")
    ] = None
    due_after: Annotated[
        Day | None, Field(description="Only tasks that are due after this day.")
    ] = None
    overdue: Annotated[
        bool | None,
        Field(description="Only open tasks that were due before today, or all others."),
        strict_boolean,
    ] = None
    q: Annotated[
        str | None,
        Field(
            max_length=200,
            pattern=TEXT_PATTERN,
            description="Only tasks whose title or description contains this text.",
        ),
    ] = None
    sort: Annotated[Sort, Field(description="The order; with `-` backwards.")] = "-createdAt"


class TaskBody(ResponseBody):
    """A task as a member sees it."""

    id: UUID
    project_id: UUID
    number: Annotated[int, Field(ge=1)]
    title: str
    description: str
    status: Status
    priority: Priority
    assignees: list[UserBody]
    labels: list[str]
    due_date: date | None
    parent_id: UUID | None
    watching: bool
    comment_count: Annotated[int, Field(ge=0)]
    created_by: UserBody | None
    version: Annotated[int, Field(ge=1)]
    created_at: datetime
    updated_at: datetime


class TaskList(ResponseBody):
    """Tasks, in the order of the request."""

    items: Annotated[list[TaskBody], Field(max_length=MAX_BULK)]


class UserList(ResponseBody):
    """Users."""

    items: list[UserBody]


class StatusProblem(Problem):
    """A problem that may tell which statuses the task can have next."""

    allowed: list[Status] | MISSING = MISSING


class StaleProblem(Problem):
    """A problem with the task as it is now."""

    current: TaskBody


class RefusedTask(ResponseBody):
    """A task of a bulk change that stood in the way."""

    pointer: Annotated[str, Field(pattern="^#(/.*)?$")]
    detail: str


class TasksProblem(Problem):
    """A problem that names the tasks which stood in the way."""

    errors: Annotated[list[RefusedTask], Field(min_length=1, max_length=MAX_BULK)]
