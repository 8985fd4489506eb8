"""The table of permissions, and what follows from it."""

import pytest

from app.permissions import PERMISSIONS, ROLES, Role, as_markdown, governs, lower_of
from tests.fixtures import ROOT


@pytest.mark.parametrize("action", PERMISSIONS)
def test_a_higher_role_may_do_what_a_lower_one_may(action: str) -> None:
    roles = PERMISSIONS[action].roles
    assert roles == ROLES[: len(roles)]


def test_an_owner_may_do_everything() -> None:
    assert all(permission.roles for permission in PERMISSIONS.values())


def test_the_document_is_made_from_the_table() -> None:
    # If not: uv run python -m app.permissions > docs/permissions.md
    assert (ROOT / "docs" / "permissions.md").read_text("utf-8") == as_markdown()


@pytest.mark.parametrize(
    ("role", "limit", "expected"),
    [
        ("admin", None, "admin"),
        ("admin", "viewer", "viewer"),
        ("viewer", "admin", "viewer"),
        ("member", "member", "member"),
    ],
)
def test_a_project_lowers_a_role_and_never_raises_it(
    role: Role, limit: Role | None, expected: Role
) -> None:
    assert lower_of(role, limit) == expected


def test_owners_govern_all_and_admins_those_below_them() -> None:
    governed = {role: [other for other in ROLES if governs(role, other)] for role in ROLES}
    assert governed == {
        "owner": list(ROLES),
        "admin": ["member", "viewer"],
        "member": [],
        "viewer": [],
    }
