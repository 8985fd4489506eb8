"""Let nobody change or delete what is in the audit log, whoever asks the database.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 15:30:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

POSTGRESQL = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'The audit log is only ever added to.'; END $$
    """,
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)
SQLITE = (
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'The audit log is only ever added to.'); END
    """,
    """
    CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'The audit log is only ever added to.'); END
    """,
)
POSTGRESQL_UNDO = (
    "DROP TRIGGER audit_entries_stay ON audit_entries",
    "DROP FUNCTION refuse_change",
)
SQLITE_UNDO = ("DROP TRIGGER audit_entries_remain", "DROP TRIGGER audit_entries_stay")


def upgrade() -> None:
    _execute(POSTGRESQL if _on_postgresql() else SQLITE)


def downgrade() -> None:
    _execute(POSTGRESQL_UNDO if _on_postgresql() else SQLITE_UNDO)


def _on_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def _execute(statements: Sequence[str]) -> None:
    for statement in statements:
        op.execute(statement)
