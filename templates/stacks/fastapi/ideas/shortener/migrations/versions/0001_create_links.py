"""Create links, tokens and counts.

Revision ID: 0001
Revises:
Create Date: 2026-11-22 08:00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
    )
    with op.batch_alter_table("tokens") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tokens_created_at_id"), ["created_at", "id"], unique=False
        )
    op.create_table(
        "links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("short_code", sa.String(length=32), nullable=False),
        sa.Column("alias_key", sa.String(length=32), nullable=True),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("access_count", sa.BigInteger(), nullable=False),
        sa.Column("first_access_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_access_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_links_token_id_tokens")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("short_code", name=op.f("uq_links_short_code")),
        sa.UniqueConstraint("alias_key", name=op.f("uq_links_alias_key")),
    )
    with op.batch_alter_table("links") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_links_token_id_created_at_id"),
            ["token_id", "created_at", "id"],
            unique=False,
        )
    op.create_table(
        "access_counts",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("referrer", sa.String(length=253), nullable=False),
        sa.Column("browser", sa.String(length=20), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["links.id"], name=op.f("fk_access_counts_link_id_links")
        ),
        sa.PrimaryKeyConstraint(
            "link_id", "day", "referrer", "browser", name=op.f("pk_access_counts")
        ),
    )


def downgrade() -> None:
    op.drop_table("access_counts")
    op.drop_table("links")
    op.drop_table("tokens")
