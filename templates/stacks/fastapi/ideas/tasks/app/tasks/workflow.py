"""How far a task is, and where it can go from there."""

from collections.abc import Mapping
from typing import Literal, get_args

Status = Literal["todo", "in_progress", "in_review", "done", "cancelled"]
Priority = Literal["low", "normal", "high", "urgent"]
# From the lowest to the highest.
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
OPEN: tuple[Status, ...] = ("todo", "in_progress", "in_review")

# One step on, one step back, and out of every open status.
NEXT: Mapping[Status, tuple[Status, ...]] = {
    "todo": ("in_progress", "cancelled"),
    "in_progress": ("in_review", "todo", "cancelled"),
    "in_review": ("done", "in_progress", "cancelled"),
    "done": ("in_review",),
    "cancelled": (),
}


def can_become(status: Status, wanted: Status) -> bool:
    """Tell whether a task may go from one status to another; to stay is no move."""
    return wanted == status or wanted in NEXT[status]
