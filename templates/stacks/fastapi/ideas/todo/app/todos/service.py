"""What can be done with todos. Knows the database and nothing of HTTP."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, Select, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import now
from app.errors import NotFoundError
from app.folding import fold
from app.todos.models import Todo
from app.todos.schemas import NewTodo, TodoChanges, TodoQuery

UNKNOWN_ID = "There is no todo with this id."
# Rows and not objects, which a list does not need; made once, because to make a query takes about
# as long as to run it.
LIST = (
    select(Todo.__table__)
    .order_by(Todo.order.asc().nulls_last(), Todo.created_at, Todo.id)
    .offset(bindparam("offset", type_=BigInteger))
    .limit(bindparam("limit", type_=BigInteger))
)


async def list_todos(session: AsyncSession, query: TodoQuery) -> tuple[Sequence[Row[Any]], int]:
    """Return one page of the todos that match the query, and how many match in all."""
    matching = _matching(query)
    offset = (query.page - 1) * query.page_size
    page = {"offset": offset, "limit": query.page_size}
    todos = (await session.execute(matching, page)).all()
    if offset == 0 and len(todos) < query.page_size:
        # Everything is on the first page: no need to ask for the number.
        return todos, len(todos)
    rows = matching.order_by(None).offset(None).limit(None).subquery()
    count = select(func.count()).select_from(rows)
    return todos, await session.scalar(count) or 0


def _matching(query: TodoQuery) -> Select[Any]:
    statement = LIST
    if query.completed is not None:
        statement = statement.where(Todo.completed.is_(query.completed))
    if query.q:
        statement = statement.where(Todo.search_text.contains(fold(query.q), autoescape=True))
    return statement


async def create_todo(session: AsyncSession, new: NewTodo) -> Todo:
    """Store a new todo."""
    created_at = now()
    todo = Todo(
        **_columns(new.model_dump()),
        created_at=created_at,
        updated_at=created_at,
    )
    session.add(todo)
    await session.commit()
    return todo


async def get_todo(session: AsyncSession, todo_id: UUID) -> Todo:
    """Return a todo.

    Raises:
        NotFoundError: There is none with this id.
    """
    return _found(await session.get(Todo, todo_id))


async def change_todo(session: AsyncSession, todo_id: UUID, changes: TodoChanges) -> Todo:
    """Change the given fields of a todo and no others.

    One UPDATE of only these columns: reading, changing and writing back the whole todo would
    undo what another client changed in between.

    Raises:
        NotFoundError: There is none with this id.
    """
    values = _columns(changes.model_dump())
    if not values:
        return await get_todo(session, todo_id)
    statement = (
        update(Todo).where(Todo.id == todo_id).values(**values, updated_at=now()).returning(Todo)
    )
    todo = _found((await session.scalars(statement)).one_or_none())
    await session.commit()
    return todo


async def delete_todo(session: AsyncSession, todo_id: UUID) -> None:
    """Delete a todo.

    Raises:
        NotFoundError: There is none with this id.
    """
    statement = delete(Todo).where(Todo.id == todo_id).returning(Todo.id)
    deleted = await session.scalar(statement)
    if deleted is None:
        raise NotFoundError(UNKNOWN_ID)
    await session.commit()


async def delete_todos(session: AsyncSession) -> None:
    """Delete every todo."""
    await session.execute(delete(Todo))
    await session.commit()


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the columns that the fields decide."""
    return fields | ({"search_text": fold(fields["title"])} if "title" in fields else {})


def _found(todo: Todo | None) -> Todo:
    if todo is None:
        raise NotFoundError(UNKNOWN_ID)
    return todo
