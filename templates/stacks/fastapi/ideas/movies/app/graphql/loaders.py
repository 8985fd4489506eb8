"""Collects what a GraphQL query asks for in many places, and asks the database once for all."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from app.credits.models import CAST, CREW, Credit
from app.movies.models import Movie
from app.people.models import Person
from app.reviews.models import Review
from app.users.models import User
from app.windows import Lists, Order, Window, next_rows_of_each

Model = TypeVar("Model", Movie, Person, User)
# A session gives an object that it knows as it knows it; a mutation may have changed the row.
AS_STORED = {"populate_existing": True}
# What was found, and its sort keys.
Found = tuple[Any, tuple[Any, ...]]

CASTS = Lists(
    select(Credit).where(Credit.kind == CAST),
    Credit.id,
    Credit.movie_id,
    Order((Credit.order, Credit.id)),
)
CREWS = Lists(
    select(Credit).where(Credit.kind == CREW),
    Credit.id,
    Credit.movie_id,
    Order((Credit.job, Credit.id)),
)
FILMOGRAPHIES = Lists(
    select(Credit).join(Movie, Movie.id == Credit.movie_id),
    Credit.id,
    Credit.person_id,
    Order((Movie.year, Credit.id), descending=True),
)
REVIEWS = Lists(
    select(Review),
    Review.id,
    Review.movie_id,
    Order((Review.created_at, Review.id), descending=True),
)


class ListKey(NamedTuple):
    """A window of one parent's list."""

    parent: UUID
    window: Window


class Loaders:
    """The loaders of a query, or of one mutation; they share a session.

    Args:
        session: Where it reads.
    """

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        # Fields are resolved at the same time, and a connection answers one question at a time.
        self._lock = asyncio.Lock()
        self.movies = DataLoader(load_fn=lambda ids: self._by_id(Movie, ids))
        self.people = DataLoader(load_fn=lambda ids: self._by_id(Person, ids))
        self.users = DataLoader(load_fn=lambda ids: self._by_id(User, ids))
        self.casts = DataLoader(load_fn=lambda keys: self._lists(CASTS, keys))
        self.crews = DataLoader(load_fn=lambda keys: self._lists(CREWS, keys))
        self.filmographies = DataLoader(load_fn=lambda keys: self._lists(FILMOGRAPHIES, keys))
        self.reviews = DataLoader(load_fn=lambda keys: self._lists(REVIEWS, keys))

    async def rows(self, statement: Select[Any]) -> Sequence[Any]:
        """Return the rows of a query as they are now; queries wait for one another."""
        async with self._lock:
            result = await self.session.execute(statement, execution_options=AS_STORED)
        found: Sequence[Any] = result.all()
        return found

    async def _by_id(self, model: type[Model], ids: Sequence[UUID]) -> list[Model | None]:
        found = await self.rows(select(model).where(model.id.in_(ids)))
        by_id = {row.id: row for (row,) in found}
        return [by_id.get(row_id) for row_id in ids]

    async def _lists(self, lists: Lists, keys: list[ListKey]) -> list[list[Found]]:
        """Answer many lists: one query for each window, however many parents have it."""
        parents: dict[Window, list[UUID]] = defaultdict(list)
        for key in keys:
            parents[key.window].append(key.parent)
        found: dict[ListKey, list[Found]] = defaultdict(list)
        for window, ids in parents.items():
            query = next_rows_of_each(lists, ids, window)
            for row, parent, *sort_keys in await self.rows(query):
                found[ListKey(parent, window)].append((row, tuple(sort_keys)))
        return [found[key] for key in keys]
