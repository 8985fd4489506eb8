"""The HTTP side of tasks."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from app.access import ProjectAccess, TaskId, on_project, on_task
from app.auth.dependencies import CurrentUser
from app.cursors import CursorPage
from app.database import Session
from app.etags import IfMatch
from app.location import Locate
from app.openapi import header, problem, problems
from app.tasks import changes as task_changes
from app.tasks import queries, service
from app.tasks.changes import task_etag
from app.tasks.schemas import (
    BulkChange,
    Move,
    NewTask,
    ProjectTaskQuery,
    StaleProblem,
    StatusProblem,
    TaskBody,
    TaskChanges,
    TaskList,
    TaskQuery,
    TasksProblem,
    UserList,
)

router = APIRouter(tags=["Tasks"], responses=problems(401, 500, 503))
OF_PROJECT = "/projects/{projectId:uuid}/tasks"
# /tasks/bulk is no task.
ONE = "/tasks/{taskId:uuid}"
ETAG = {"ETag": header("string")}


@dataclass
class Target:
    """Which task to change, and in which state the client has seen it."""

    task_id: TaskId
    if_match: IfMatch = None


@router.get(OF_PROJECT, responses=problems(404, 422))
async def list_project_tasks(
    session: Session,
    access: Annotated[ProjectAccess, on_project("task.list")],
    query: Annotated[ProjectTaskQuery, Query()],
) -> CursorPage[TaskBody]:
    """List a project's tasks."""
    items, following = await queries.list_project_tasks(
        session, access.user_id, access.project_id, query
    )
    return CursorPage[TaskBody](items=items, next_cursor=following)


@router.post(
    OF_PROJECT,
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string"), **ETAG}},
        **problems(400, 403, 404, 409, 413, 415, 422),
    },
)
async def create_task(
    response: Response,
    session: Session,
    access: Annotated[ProjectAccess, on_project("task.create")],
    locate: Locate,
    new: NewTask,
) -> TaskBody:
    """Make a task."""
    task = await service.create_task(session, access, new)
    locate("get_task", taskId=str(task.id))
    return _answer(response, task)


@router.get("/tasks", responses=problems(422))
async def list_tasks(
    session: Session, me: CurrentUser, query: Annotated[TaskQuery, Query()]
) -> CursorPage[TaskBody]:
    """Find tasks."""
    items, following = await queries.list_tasks(session, me.user.id, query)
    return CursorPage[TaskBody](items=items, next_cursor=following)


@router.post(
    "/tasks/bulk",
    responses={
        **{status: problem(status, TasksProblem) for status in (403, 404, 409)},
        **problems(400, 413, 415, 422),
    },
)
async def change_tasks(session: Session, me: CurrentUser, bulk: BulkChange) -> TaskList:
    """Change many tasks."""
    await task_changes.change_tasks(session, me.user.id, bulk)
    return TaskList(items=await service.get_tasks(session, me.user.id, bulk.task_ids))


@router.get(ONE, responses={200: {"headers": ETAG}, **problems(404)})
async def get_task(
    response: Response,
    session: Session,
    access: Annotated[ProjectAccess, on_task("task.read")],
    task_id: TaskId,
) -> TaskBody:
    """Read a task."""
    return _answer(response, await service.get_task(session, access.user_id, task_id))


@router.patch(
    ONE,
    responses={
        200: {"headers": ETAG},
        409: problem(409, StatusProblem),
        412: problem(412, StaleProblem),
        **problems(400, 403, 404, 413, 415, 422),
    },
)
async def change_task(
    response: Response,
    session: Session,
    access: Annotated[ProjectAccess, on_task("task.change")],
    target: Annotated[Target, Depends()],
    changes: TaskChanges,
) -> TaskBody:
    """Change a task."""
    await task_changes.change_task(session, access, target.task_id, changes, target.if_match)
    return _answer(response, await service.get_task(session, access.user_id, target.task_id))


@router.delete(
    ONE,
    status_code=status.HTTP_204_NO_CONTENT,
    responses={412: problem(412, StaleProblem), **problems(403, 404, 422)},
)
async def delete_task(
    session: Session,
    access: Annotated[ProjectAccess, on_task("task.delete")],
    target: Annotated[Target, Depends()],
) -> None:
    """Delete a task."""
    await service.delete_task(session, access, target.task_id, target.if_match)


@router.post(
    f"{ONE}/move",
    responses={200: {"headers": ETAG}, **problems(400, 403, 404, 409, 413, 415, 422)},
)
async def move_task(
    response: Response,
    session: Session,
    access: Annotated[ProjectAccess, on_task("task.move")],
    task_id: TaskId,
    move: Move,
) -> TaskBody:
    """Move a task."""
    return _answer(response, await service.move_task(session, access, task_id, move.after))


@router.get(f"{ONE}/watchers", responses=problems(404))
async def list_watchers(
    session: Session,
    _access: Annotated[ProjectAccess, on_task("task.list_watchers")],
    task_id: TaskId,
) -> UserList:
    """List watchers."""
    return UserList(items=await service.list_watchers(session, task_id))


@router.put(f"{ONE}/watchers/me", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
async def watch_task(
    session: Session,
    access: Annotated[ProjectAccess, on_task("task.watch")],
    task_id: TaskId,
) -> None:
    """Watch a task."""
    await service.watch(session, access, task_id)


@router.delete(
    f"{ONE}/watchers/me", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404)
)
async def unwatch_task(
    session: Session,
    access: Annotated[ProjectAccess, on_task("task.unwatch")],
    task_id: TaskId,
) -> None:
    """Stop watching."""
    await service.unwatch(session, access, task_id)


def _answer(response: Response, task: TaskBody) -> TaskBody:
    response.headers["ETag"] = task_etag(task.id, task.version)
    return task
