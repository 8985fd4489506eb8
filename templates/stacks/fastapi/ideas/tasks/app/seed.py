"""Fills the database with an organisation to look at: `python -m app.seed`.

Not in production: everybody can read the passwords of these accounts.
"""

import asyncio
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import ProjectAccess
from app.clock import now
from app.columns import sort_key
from app.comments.models import Comment
from app.database import Database
from app.fields import JsonUuid
from app.models import Membership, Organisation, Project, User
from app.organisations.schemas import NewOrganisation
from app.passwords import hash_password
from app.permissions import Role
from app.projects.schemas import NewProject
from app.schemas import RequestBody
from app.settings import load_settings
from app.tasks.queries import today
from app.tasks.schemas import NewTask
from app.tasks.service import add_task
from app.tasks.workflow import Status
from app.users.schemas import NewUser

SEED = Path(__file__).parent.parent / "seeds" / "organisation.json"

# Days from today, so that something is always overdue.
DueIn = Annotated[int, Field(ge=-365, le=365)] | None


class SeedPerson(NewUser):
    """Somebody to log in as while trying out; ids are known so that documents can name them."""

    id: JsonUuid
    role: Role


class SeedComment(RequestBody):
    """Something that was said about a task."""

    id: JsonUuid
    # The author's address.
    by: str
    text: str


class SeedTask(RequestBody):
    """A task, with what was said about it."""

    id: JsonUuid
    title: str
    description: str = ""
    status: Status = "todo"
    priority: str = "normal"
    labels: list[str] = Field(default=[])
    due_in: DueIn = None
    # Addresses.
    assignees: list[str] = Field(default=[])
    comments: list[SeedComment] = Field(default=[])


class SeedProject(NewProject):
    """A project with its tasks."""

    id: JsonUuid
    tasks: list[SeedTask]


class SeedOrganisation(NewOrganisation):
    """Everything in the file."""

    id: JsonUuid
    people: list[SeedPerson]
    projects: list[SeedProject]


def read_seed(file: Path = SEED) -> SeedOrganisation:
    """Read an organisation from a JSON file."""
    return SeedOrganisation.model_validate_json(file.read_text("utf-8"))


async def seed(database: Database, organisation: SeedOrganisation) -> int:
    """Store the organisation unless it is there, and return the number of its new tasks."""
    async with database.session() as session:
        if await session.get(Organisation, organisation.id):
            return 0
        people = await _add_people(session, organisation)
        await session.commit()
        number = 0
        for project in organisation.projects:
            number += await _add_project(session, organisation.id, project, people)
        return number


async def _add_people(session: AsyncSession, organisation: SeedOrganisation) -> dict[str, UUID]:
    moment = now()
    session.add(
        Organisation(
            id=organisation.id,
            name=organisation.name,
            name_key=sort_key(organisation.name),
            created_at=moment,
            members_changed_at=moment,
        )
    )
    people = {}
    for person in organisation.people:
        user_id = await session.scalar(select(User.id).where(User.email == person.email))
        if user_id is None:
            user_id = person.id
            session.add(
                User(
                    id=user_id,
                    email=person.email,
                    display_name=person.display_name,
                    name_key=sort_key(person.display_name),
                    password_hash=await hash_password(person.password),
                    confirmed_at=moment,
                    created_at=moment,
                )
            )
        people[person.email] = user_id
        await session.flush()
        session.add(
            Membership(
                organisation_id=organisation.id,
                user_id=user_id,
                role=person.role,
                joined_at=moment,
            )
        )
    return people


async def _add_project(
    session: AsyncSession, organisation_id: UUID, project: SeedProject, people: dict[str, UUID]
) -> int:
    moment = now()
    session.add(
        Project(
            id=project.id,
            organisation_id=organisation_id,
            name=project.name,
            name_key=sort_key(project.name),
            description=project.description,
            created_at=moment,
            order_changed_at=moment,
        )
    )
    await session.commit()
    owner = next(iter(people.values()))
    access = ProjectAccess(owner, organisation_id, "owner", project.id)
    for each in project.tasks:
        await _add_task(session, access, each, people)
    return len(project.tasks)


async def _add_task(
    session: AsyncSession, access: ProjectAccess, task: SeedTask, people: dict[str, UUID]
) -> None:
    new = NewTask.model_validate(
        {
            "title": task.title,
            "description": task.description,
            "priority": task.priority,
            "labels": task.labels,
            "dueDate": _day(task.due_in),
            "assigneeIds": [people[email] for email in task.assignees],
        }
    )
    stored = await add_task(session, access, new, task.id)
    stored.status = task.status
    for each in task.comments:
        comment = Comment(
            id=each.id,
            task_id=task.id,
            author_id=people[each.by],
            text=each.text,
            created_at=now(),
        )
        session.add(comment)
    await session.commit()


def _day(days: int | None) -> date | None:
    return None if days is None else today() + timedelta(days=days)


async def main() -> None:
    """Fill the database that the settings name."""
    settings = load_settings()
    if settings.is_production:
        sys.stdout.write("Added nothing: everybody can read the passwords of these accounts.\n")
        return
    database = Database(settings.sqlalchemy_url)
    try:
        added = await seed(database, read_seed())
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Added {added} tasks.\n")


if __name__ == "__main__":
    asyncio.run(main())
