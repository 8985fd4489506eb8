"""The HTTP side of todos."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response, status
from pydantic import Field

from app.database import Session
from app.links import base_url_of, page_links
from app.openapi import header, problems
from app.todos import service
from app.todos.schemas import MAX_PAGE_SIZE, NewTodo, TodoBody, TodoChanges, TodoQuery

router = APIRouter(prefix="/todos", tags=["Todos"], responses=problems(500, 503))


def todos_url(request: Request) -> str:
    """Return the collection's absolute URL."""
    return base_url_of(request) + str(request.app.url_path_for("list_todos"))


TodoId = Annotated[UUID, Path(alias="id", description="The todo's id.")]


@router.get(
    "",
    responses={
        200: {"headers": {"X-Total-Count": header("integer"), "Link": header("string")}},
        **problems(422),
    },
)
async def list_todos(
    request: Request,
    response: Response,
    session: Session,
    query: Annotated[TodoQuery, Query()],
) -> Annotated[list[TodoBody], Field(max_length=MAX_PAGE_SIZE)]:
    """List todos in their `order`, those without one last, then as they were created."""
    url = todos_url(request)
    todos, total = await service.list_todos(session, query)
    response.headers["X-Total-Count"] = str(total)
    response.headers["Link"] = page_links(
        url, request.url.query, query.page, query.page_size, total
    )
    return [TodoBody.of(todo, url) for todo in todos]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string")}},
        **problems(400, 413, 415, 422),
    },
)
async def create_todo(
    request: Request, response: Response, session: Session, new: NewTodo
) -> TodoBody:
    """Create a todo."""
    todo = TodoBody.of(await service.create_todo(session, new), todos_url(request))
    response.headers["Location"] = todo.url
    return todo


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
async def delete_todos(session: Session) -> None:
    """Delete every todo."""
    await service.delete_todos(session)


@router.get("/{id}", responses=problems(404))
async def get_todo(request: Request, session: Session, todo_id: TodoId) -> TodoBody:
    """Read a todo."""
    return TodoBody.of(await service.get_todo(session, todo_id), todos_url(request))


@router.patch("/{id}", responses=problems(400, 404, 413, 415, 422))
async def patch_todo(
    request: Request, session: Session, todo_id: TodoId, changes: TodoChanges
) -> TodoBody:
    """Change fields of a todo."""
    todo = await service.change_todo(session, todo_id, changes)
    return TodoBody.of(todo, todos_url(request))


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
async def delete_todo(session: Session, todo_id: TodoId) -> None:
    """Delete a todo."""
    await service.delete_todo(session, todo_id)
