"""Create movies and all that belongs to them.

Revision ID: 0001
Revises:
Create Date: 2026-11-22 12:00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def search_column() -> sa.Column[str]:
    """Return what the database makes of search_text for the search."""
    if op.get_context().dialect.name == "postgresql":
        expression = "array_to_tsvector(string_to_array(search_text, ' '))"
    else:
        expression = "' ' || search_text"
    return sa.Column(
        "search",
        postgresql.TSVECTOR().with_variant(sa.Text(), "sqlite"),
        sa.Computed(expression, persisted=True),
        nullable=True,
    )


def upgrade() -> None:
    op.create_table(
        "genres",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_genres")),
    )
    with op.batch_alter_table("genres") as batch_op:
        batch_op.create_index(batch_op.f("ix_genres_name_slug"), ["name", "slug"], unique=False)

    op.create_table(
        "movies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sort_title", sa.String(length=200), nullable=False),
        sa.Column("original_title", sa.String(length=200), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("runtime_minutes", sa.Integer(), nullable=False),
        sa.Column("overview", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=True),
        sa.Column("release_date", sa.Date(), nullable=True),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("review_count", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Double(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        search_column(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movies")),
        sa.UniqueConstraint("external_id", name=op.f("uq_movies_external_id")),
    )
    with op.batch_alter_table("movies") as batch_op:
        batch_op.create_index(batch_op.f("ix_movies_rating_id"), ["rating", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_movies_review_count_id"), ["review_count", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_movies_runtime_minutes_id"), ["runtime_minutes", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_movies_search"), ["search"], unique=False, postgresql_using="gin"
        )
        batch_op.create_index(
            batch_op.f("ix_movies_sort_title_id"), ["sort_title", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_movies_year_id"), ["year", "id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("biography", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        search_column(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("external_id", name=op.f("uq_people_external_id")),
    )
    with op.batch_alter_table("people") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_search"), ["search"], unique=False, postgresql_using="gin"
        )
        batch_op.create_index(
            batch_op.f("ix_people_sort_name_id"), ["sort_name", "id"], unique=False
        )

    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=30), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("wrote_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_table(
        "credits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("movie_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("character", sa.String(length=100), nullable=True),
        sa.Column("order", sa.Integer(), nullable=True),
        sa.Column("job", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["movie_id"], ["movies.id"], name=op.f("fk_credits_movie_id_movies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_credits_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits")),
        sa.UniqueConstraint("external_id", name=op.f("uq_credits_external_id")),
    )
    with op.batch_alter_table("credits") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credits_movie_id_kind_order_id"),
            ["movie_id", "kind", "order", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_credits_person_id_movie_id"), ["person_id", "movie_id"], unique=False
        )

    op.create_table(
        "movie_genres",
        sa.Column("movie_id", sa.Uuid(), nullable=False),
        sa.Column("genre_slug", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["genre_slug"], ["genres.slug"], name=op.f("fk_movie_genres_genre_slug_genres")
        ),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_movie_genres_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("movie_id", "genre_slug", name=op.f("pk_movie_genres")),
    )
    with op.batch_alter_table("movie_genres") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_movie_genres_genre_slug_movie_id"),
            ["genre_slug", "movie_id"],
            unique=False,
        )

    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("movie_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"], ["movies.id"], name=op.f("fk_reviews_movie_id_movies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reviews_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("movie_id", "user_id", name=op.f("uq_reviews_movie_id_user_id")),
    )
    with op.batch_alter_table("reviews") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_movie_id_created_at_id"),
            ["movie_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_reviews_user_id"), ["user_id"], unique=False)

    op.create_table(
        "watchlist",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("movie_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"],
            ["movies.id"],
            name=op.f("fk_watchlist_movie_id_movies"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_watchlist_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "movie_id", name=op.f("pk_watchlist")),
    )
    with op.batch_alter_table("watchlist") as batch_op:
        batch_op.create_index(batch_op.f("ix_watchlist_movie_id"), ["movie_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_watchlist_user_id_added_at_movie_id"),
            ["user_id", "added_at", "movie_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("watchlist") as batch_op:
        batch_op.drop_index(batch_op.f("ix_watchlist_user_id_added_at_movie_id"))
        batch_op.drop_index(batch_op.f("ix_watchlist_movie_id"))

    op.drop_table("watchlist")
    with op.batch_alter_table("reviews") as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_user_id"))
        batch_op.drop_index(batch_op.f("ix_reviews_movie_id_created_at_id"))

    op.drop_table("reviews")
    with op.batch_alter_table("movie_genres") as batch_op:
        batch_op.drop_index(batch_op.f("ix_movie_genres_genre_slug_movie_id"))

    op.drop_table("movie_genres")
    with op.batch_alter_table("credits") as batch_op:
        batch_op.drop_index(batch_op.f("ix_credits_person_id_movie_id"))
        batch_op.drop_index(batch_op.f("ix_credits_movie_id_kind_order_id"))

    op.drop_table("credits")
    op.drop_table("users")
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_sort_name_id"))
        batch_op.drop_index(batch_op.f("ix_people_search"), postgresql_using="gin")

    op.drop_table("people")
    with op.batch_alter_table("movies") as batch_op:
        batch_op.drop_index(batch_op.f("ix_movies_year_id"))
        batch_op.drop_index(batch_op.f("ix_movies_sort_title_id"))
        batch_op.drop_index(batch_op.f("ix_movies_search"), postgresql_using="gin")
        batch_op.drop_index(batch_op.f("ix_movies_runtime_minutes_id"))
        batch_op.drop_index(batch_op.f("ix_movies_review_count_id"))
        batch_op.drop_index(batch_op.f("ix_movies_rating_id"))

    op.drop_table("movies")
    with op.batch_alter_table("genres") as batch_op:
        batch_op.drop_index(batch_op.f("ix_genres_name_slug"))

    op.drop_table("genres")
