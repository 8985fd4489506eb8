"""What people are told, and that they are told once."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select

from app.handlers import make_handlers
from app.outbox import Event, HandledEvent, OutboxEvent, handle, take
from app.settings import Settings
from app.tasks.queries import today
from tests.people import Person, Team, Work

YESTERDAY, TODAY, TOMORROW = ((today() + timedelta(days=days)).isoformat() for days in (-1, 0, 1))


async def told(person: Person, query: str = "") -> list[str]:
    """Return the kinds of somebody's notifications, the newest first."""
    page = await person.read(f"/notifications?{query}")
    return [item["kind"] for item in page["items"]]


class TestTelling:
    async def test_who_is_assigned_is_told(self, team: Team, work: Work) -> None:
        task = await team.task(assigneeIds=[team.admin.id, team.member.id])
        await work()
        (item,) = (await team.admin.read("/notifications"))["items"]
        assert (item["kind"], item["taskId"], item["taskTitle"]) == (
            "assigned",
            task["id"],
            "Order brass",
        )
        assert item["actor"] == {"id": team.member.id, "displayName": "Grace"}
        # Nobody is told what they did themselves.
        assert await told(team.member) == []

    async def test_only_those_who_are_new_are_told(self, team: Team, work: Work) -> None:
        task = await team.task(assigneeIds=[team.admin.id])
        await team.member.change(
            f"/tasks/{task['id']}", {"assigneeIds": [team.admin.id, team.viewer.id]}
        )
        await work()
        assert await told(team.admin) == ["assigned"]
        assert await told(team.viewer) == ["assigned"]

    async def test_a_comment_is_told_to_those_who_follow(self, team: Team, work: Work) -> None:
        task = await team.task(assigneeIds=[team.admin.id])
        await work()
        await team.viewer.ask("PUT", f"/tasks/{task['id']}/watchers/me")
        text = f"@{team.viewer.email} @{team.outsider.email} look"
        await team.owner.make(f"/tasks/{task['id']}/comments", {"text": text})
        await work()
        assert await told(team.member) == ["commented"]
        assert await told(team.admin) == ["commented", "assigned"]
        # Once, although mentioned and watching.
        assert await told(team.viewer) == ["mentioned"]
        assert await told(team.outsider) == []
        assert await told(team.owner) == []

    async def test_a_new_status_is_told_to_those_who_follow(self, team: Team, work: Work) -> None:
        task = await team.task()
        await team.admin.change(f"/tasks/{task['id']}", {"status": "in_progress"})
        await work()
        assert await told(team.member) == ["status_changed"]

    async def test_a_task_that_is_gone_is_nothing_to_tell_of(self, team: Team, work: Work) -> None:
        task = await team.task(assigneeIds=[team.admin.id], dueDate=TODAY)
        await team.member.make(f"/tasks/{task['id']}/comments", {"text": "Brass?"})
        await team.member.ask("DELETE", f"/tasks/{task['id']}")
        await work()
        assert await told(team.admin) == []

    async def test_who_has_left_sees_nothing_any_more(self, team: Team, work: Work) -> None:
        await team.task(assigneeIds=[team.viewer.id])
        await work()
        path = f"{team.organisation}/members/{team.viewer.id}"
        assert (await team.viewer.ask("DELETE", path)).status_code == 204
        assert await told(team.viewer) == []


class TestReminding:
    async def test_a_task_that_is_due_is_told_to_those_who_follow(
        self, team: Team, work: Work
    ) -> None:
        await team.task(assigneeIds=[team.admin.id], dueDate=TODAY)
        await work()
        assert await told(team.member) == ["due"]
        assert sorted(await told(team.admin)) == ["assigned", "due"]
        (item,) = (await team.member.read("/notifications"))["items"]
        assert item["actor"] is None

    async def test_before_its_day_nobody_is_told(
        self, team: Team, app: FastAPI, work: Work
    ) -> None:
        task = await team.task(dueDate=TOMORROW)
        await work()
        assert await told(team.member) == []
        async with app.state.database.session() as session:
            (due,) = await session.scalars(
                select(OutboxEvent).where(OutboxEvent.name == "task.due")
            )
            assert due.available_at.isoformat() == f"{TOMORROW}T00:00:00+00:00"
            assert due.payload == {"taskId": task["id"], "dueDate": TOMORROW}

    async def test_done_is_done(self, team: Team, work: Work) -> None:
        task = await team.task(dueDate=YESTERDAY)
        await team.member.change(f"/tasks/{task['id']}", {"status": "cancelled"})
        await work()
        assert await told(team.member) == []

    async def test_a_day_that_was_changed_counts_no_more(self, team: Team, work: Work) -> None:
        task = await team.task(dueDate=YESTERDAY)
        await team.member.change(f"/tasks/{task['id']}", {"dueDate": TOMORROW})
        await work()
        assert await told(team.member) == []

    async def test_a_day_that_was_changed_back_is_told_once(self, team: Team, work: Work) -> None:
        task = await team.task(dueDate=YESTERDAY)
        for day in (TOMORROW, YESTERDAY):
            await team.member.change(f"/tasks/{task['id']}", {"dueDate": day})
        await work()
        assert await told(team.member) == ["due"]


class TestOnce:
    @pytest.fixture
    async def event(self, team: Team, app: FastAPI) -> Event:
        await team.task(assigneeIds=[team.admin.id])
        (event,) = await take(app.state.database, 10)
        return event

    async def test_an_event_that_comes_twice_is_told_once(
        self, team: Team, app: FastAPI, settings: Settings, event: Event
    ) -> None:
        handlers = make_handlers(settings)
        for _ in range(2):
            await handle(app.state.database, handlers, event)
        assert await told(team.admin) == ["assigned"]

    async def test_even_when_it_is_forgotten_that_it_was_handled(
        self, team: Team, app: FastAPI, settings: Settings, event: Event
    ) -> None:
        handlers = make_handlers(settings)
        await handle(app.state.database, handlers, event)
        async with app.state.database.session() as session:
            await session.execute(delete(HandledEvent))
            await session.commit()
        await handle(app.state.database, handlers, event)
        assert await told(team.admin) == ["assigned"]


class TestReading:
    @pytest.fixture(autouse=True)
    async def notifications(self, team: Team, work: Work) -> None:
        for _ in range(3):
            await team.task(assigneeIds=[team.admin.id])
        await work()

    async def test_all_are_marked_at_once(self, team: Team, work: Work) -> None:
        assert (await team.admin.ask("POST", "/notifications/read")).status_code == 204
        await team.task(assigneeIds=[team.admin.id])
        await work()
        assert await told(team.admin, "unread=true") == ["assigned"]
        assert await told(team.admin, "unread=false") == ["assigned"] * 3

    async def test_pages_go_back_in_time(self, team: Team) -> None:
        first = await team.admin.read("/notifications?limit=2")
        rest = await team.admin.read(f"/notifications?limit=2&cursor={first['nextCursor']}")
        ids = [item["id"] for page in (first, rest) for item in page["items"]]
        assert len(set(ids)) == 3
        times = [item["createdAt"] for page in (first, rest) for item in page["items"]]
        assert times == sorted(times, reverse=True)
        assert rest["nextCursor"] is None
