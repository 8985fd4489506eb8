"""Where a task can go from where it is."""

from typing import get_args

import pytest

from app.tasks.workflow import NEXT, OPEN, Status, can_become

STATUSES: tuple[Status, ...] = get_args(Status)


def test_the_steps_of_the_workflow() -> None:
    steps = {
        (before, after)
        for before in STATUSES
        for after in STATUSES
        if before != after and can_become(before, after)
    }
    assert steps == {
        ("todo", "in_progress"),
        ("in_progress", "in_review"),
        ("in_review", "done"),
        ("done", "in_review"),
        ("in_review", "in_progress"),
        ("in_progress", "todo"),
        ("todo", "cancelled"),
        ("in_progress", "cancelled"),
        ("in_review", "cancelled"),
    }


@pytest.mark.parametrize("status", STATUSES)
def test_to_stay_is_no_move(status: Status) -> None:
    assert can_become(status, status)


def test_only_what_is_open_can_be_cancelled() -> None:
    assert {status for status in STATUSES if "cancelled" in NEXT[status]} == set(OPEN)
