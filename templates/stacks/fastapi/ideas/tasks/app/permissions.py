"""Who may do what: the only place that says so.

Routes are guarded with the names of these actions (app/access.py), `GET /api/v1/permissions`
answers the table, docs/permissions.md is made from it (`python -m app.permissions`), and a test
asks every route as every role.
"""

import sys
from typing import Literal, NamedTuple, get_args

Role = Literal["owner", "admin", "member", "viewer"]
# From the highest to the lowest.
ROLES: tuple[Role, ...] = get_args(Role)

EVERYBODY = ROLES
WORKERS: tuple[Role, ...] = ("owner", "admin", "member")
ADMINS: tuple[Role, ...] = ("owner", "admin")
OWNERS: tuple[Role, ...] = ("owner",)


class Permission(NamedTuple):
    """A row of the table.

    Args:
        action: What is done.
        roles: Who may do it, the highest role first.
        condition: What else must be true; empty when nothing.
    """

    action: str
    roles: tuple[Role, ...]
    condition: str = ""


PERMISSIONS = {
    permission.action: permission
    for permission in (
        Permission("organisation.read", EVERYBODY),
        Permission("organisation.change", ADMINS),
        Permission("organisation.delete", OWNERS),
        Permission("member.list", EVERYBODY),
        Permission(
            "member.change",
            ADMINS,
            "Admins change members and viewers only, and make nobody an admin or owner. "
            "The last owner stays one.",
        ),
        Permission(
            "member.remove",
            ADMINS,
            "Admins remove members and viewers only. Everybody may leave but the last owner.",
        ),
        Permission("invitation.list", ADMINS),
        Permission("invitation.create", ADMINS, "Admins invite members and viewers only."),
        Permission("invitation.withdraw", ADMINS),
        Permission("audit.read", ADMINS),
        Permission("project.list", EVERYBODY),
        Permission("project.create", ADMINS),
        Permission("project.read", EVERYBODY),
        Permission("project.change", ADMINS),
        Permission("project.delete", ADMINS),
        Permission("project.list_roles", ADMINS),
        Permission(
            "project.lower_role", ADMINS, "Admins lower members only; nobody lowers owners."
        ),
        Permission("project.restore_role", ADMINS, "Admins restore members and viewers only."),
        Permission("task.list", EVERYBODY),
        Permission("task.create", WORKERS),
        Permission("task.read", EVERYBODY),
        Permission("task.change", WORKERS),
        Permission("task.delete", WORKERS),
        Permission("task.move", WORKERS),
        Permission("task.list_watchers", EVERYBODY),
        Permission("task.watch", EVERYBODY),
        Permission("task.unwatch", EVERYBODY),
        Permission("comment.list", EVERYBODY),
        Permission("comment.create", WORKERS),
        Permission("comment.change", WORKERS, "Only its author."),
        Permission("comment.delete", WORKERS, "Members their own only."),
    )
}


def is_allowed(role: Role, action: str) -> bool:
    """Tell whether somebody with this role may do something."""
    return role in PERMISSIONS[action].roles


def is_higher(role: Role, than: Role) -> bool:
    """Tell whether a role is above another."""
    return ROLES.index(role) < ROLES.index(than)


def lower_of(role: Role, limit: Role | None) -> Role:
    """Return the lower of a role and what limits it: a limit never raises a role."""
    return role if limit is None or is_higher(limit, role) else limit


def governs(role: Role, other: Role) -> bool:
    """Tell whether a role may give and take another: owners all, admins those below them."""
    return role == "owner" or (role == "admin" and is_higher("admin", other))


def as_markdown() -> str:
    """Return the table as the text of docs/permissions.md."""
    lines = [
        "# Who may do what",
        "",
        "Made from the table in the code by which the application decides; a test compares them.",
        "In a project the lower of two roles counts: the one in the organisation, and the one that",
        "the project gives. For others than its members nothing of an organisation exists (`404`).",
        "",
        f"| Action | {' | '.join(ROLES)} | Only if |",
        f"| --- |{' :---: |' * len(ROLES)} --- |",
    ]
    for action, roles, condition in PERMISSIONS.values():
        cells = ["yes" if role in roles else "" for role in ROLES]
        lines.append(f"| `{action}` | {' | '.join(cells)} | {condition} |".replace("|  |", "| |"))
    return "\n".join(lines).replace("|  |", "| |") + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
